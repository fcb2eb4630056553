import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import type { MachineList } from '../../../server/src/protocol/requests';
import { button, element } from '../dom';
import { t } from '../l10n';
import { createComparison, type ComparisonActions, type OfferedComparisons } from './comparison';
import { createCpuSlider, type CpuSlider } from './cpuSlider';
import { choose, field, fillSelect, select, type SelectElement } from './select';
import type { ComparedWith, GroupBy, ViewState } from './viewState';

export interface Toolbar {
  readonly node: HTMLElement;
  showMachines(offered: OfferedComparisons): void;
  showState(state: ViewState): void;
  refuse(reason: string): void;
  focusSearch(): void;
}

export interface ToolbarActions extends ComparisonActions {
  readonly search: (text: string) => void;
  readonly group: (group: GroupBy) => void;
  readonly kinds: (kinds: ViewState['kinds']) => void;
  readonly machine: (name: string) => void;
  readonly previewCpus: (cpus: number) => void;
  readonly setCpus: (cpus: number) => void;
  readonly follow: (on: boolean) => void;
}

const groupTitles = (): Readonly<Record<GroupBy, string>> => ({
  object: t('by object'),
  directory: t('by directory'),
  class: t('by trigger'),
  api: t('by API'),
  type: t('by type'),
  none: t('no groups'),
});

/** What changed can be listed alone while a commit is compared with. */
function kindTitles(compared: ComparedWith | null): (readonly [ViewState['kinds'], string])[] {
  return [['creating', t('that allocate')], ['all', t('all percpu calls')], ...(compared?.kind === 'commit' ? [['changed', t('that changed')] as const] : [])];
}

/** Machine, CPU count, search, grouping, kind of site, and what is compared with. */
export function createToolbar(actions: ToolbarActions): Toolbar {
  const machine = select(t('Machine'), (value) => actions.machine(value));
  const slider = createCpuSlider(actions.previewCpus, actions.setCpus);
  const search = searchField(actions.search);
  const group = select(t('Group'), (value) => actions.group(value as GroupBy));
  fillSelect(group, Object.entries(groupTitles()), 'object');
  const kinds = select(t('Show calls'), (value) => actions.kinds(value as ViewState['kinds']));
  fillSelect(kinds, kindTitles(null), 'creating');
  const comparison = createComparison(actions);
  const follow = button(t('Follow editor'), () => actions.follow(follow.getAttribute('aria-pressed') !== 'true'), { class: 'toggle', id: 'follow', 'aria-pressed': 'false', title: t('Select the site that the cursor is at') });
  const message = element('p', { class: 'refusal', role: 'alert' });
  const node = element(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': t('Report settings') },
    field(t('Machine'), machine), slider.node, field(t('Search'), search), field(t('Group'), group), field(t('Show calls'), kinds), comparison.node, follow, message,
  );
  return {
    node,
    showMachines: (offered) => {
      showMachines(offered.machines, machine, slider, message);
      comparison.offer(offered);
    },
    showState: (state) => {
      if (search.value !== state.search) search.value = state.search;
      choose(group, state.group);
      fillSelect(kinds, kindTitles(state.compared), state.kinds);
      comparison.show(state.compared);
      follow.setAttribute('aria-pressed', String(state.follow));
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

function searchField(onSearch: (text: string) => void): HTMLInputElement {
  const title = t('Words that all must occur. file:, function:, api:, type: and class: before a word look there only.');
  const input = element('input', { type: 'search', id: 'search', placeholder: t('function, file, API, type'), spellcheck: 'false', 'aria-label': t('Search sites'), title });
  input.addEventListener('input', () => onSearch(input.value));
  return input;
}
