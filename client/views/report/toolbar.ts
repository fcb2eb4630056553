import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { MachineList } from '../../../server/src/protocol/requests';
import { element } from '../dom';
import { createCpuSlider, type CpuSlider } from './cpuSlider';
import type { GroupBy, ViewState } from './viewState';

export interface Toolbar {
  readonly node: HTMLElement;
  showMachines(machines: MachineList): void;
  showState(state: ViewState): void;
  refuse(reason: string): void;
  focusSearch(): void;
}

export interface ToolbarActions {
  readonly search: (text: string) => void;
  readonly group: (group: GroupBy) => void;
  readonly kinds: (kinds: ViewState['kinds']) => void;
  readonly machine: (name: string) => void;
  readonly previewCpus: (cpus: number) => void;
  readonly setCpus: (cpus: number) => void;
}

const groupTitles: Readonly<Record<GroupBy, string>> = {
  none: 'no groups',
  object: 'by object',
  directory: 'by directory',
  class: 'by trigger',
  api: 'by API',
  type: 'by type',
};

/** Machine, CPU count, search, grouping and kind of site. */
export function createToolbar(actions: ToolbarActions): Toolbar {
  const machine = select('Machine', (value) => actions.machine(value));
  const slider = createCpuSlider(actions.previewCpus, actions.setCpus);
  const search = searchField(actions.search);
  const group = select('Group', (value) => actions.group(value as GroupBy));
  fillSelect(group, Object.entries(groupTitles), 'none');
  const kinds = select('Calls', (value) => actions.kinds(value === 'all' ? 'all' : 'creating'));
  fillSelect(kinds, [['creating', 'that allocate'], ['all', 'all percpu calls']], 'creating');
  const message = element('p', { class: 'refusal', role: 'alert' });
  const node = element(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Report settings' },
    field('Machine', machine), slider.node, field('Search', search), field('Group', group), field('Show calls', kinds), message,
  );
  return {
    node,
    showMachines: (machines) => showMachines(machines, machine, slider, message),
    showState: (state) => {
      if (search.value !== state.search) search.value = state.search;
      group.value = state.group;
      kinds.value = state.kinds;
    },
    refuse: (reason) => {
      message.textContent = reason;
    },
    focusSearch: () => search.focus(),
  };
}

function showMachines(machines: MachineList, machine: SelectElement, slider: CpuSlider, message: HTMLElement): void {
  fillSelect(machine, machines.machines.map(({ name }) => [name, name]), machines.current.name);
  slider.show(machines.current.cpus);
  message.textContent = '';
}

type SelectElement = HTMLElementTagNameMap['vscode-single-select'];

function select(label: string, onChange: (value: string) => void): SelectElement {
  const made = document.createElement('vscode-single-select');
  made.label = label;
  made.addEventListener('change', () => onChange(made.value));
  return made;
}

function fillSelect(target: SelectElement, options: readonly (readonly [string, string])[], value: string): void {
  target.replaceChildren(
    ...options.map(([id, text]) => {
      const option = document.createElement('vscode-option');
      option.value = id;
      option.textContent = text;
      option.selected = id === value;
      return option;
    }),
  );
  target.value = value;
}

function searchField(onSearch: (text: string) => void): HTMLInputElement {
  const input = element('input', { type: 'search', id: 'search', placeholder: 'function, file, API, type', spellcheck: 'false', 'aria-label': 'Search sites' });
  input.addEventListener('input', () => onSearch(input.value));
  return input;
}

function field(label: string, control: HTMLElement): HTMLElement {
  return element('div', { class: 'field' }, element('span', { class: 'label', 'aria-hidden': 'true' }, label), control);
}
