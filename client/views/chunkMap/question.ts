import type { AllocationOrderName, ChunkMapHead, ChunkMapSource, RecordingFiles } from '../../../server/src/protocol/chunkMap';
import { button, element } from '../dom';
import { t } from '../l10n';

const orders = (): readonly (readonly [AllocationOrderName, string])[] => [['as recorded', t('as recorded')], ['smallest first', t('smallest first')], ['largest first', t('largest first')]];

export interface Question {
  readonly node: HTMLElement;
  show(source: ChunkMapSource, head: ChunkMapHead): void;
}

/** What else could be shown of the same: other CPUs, another strategy or order, or depopulation on and off. */
export function createQuestion(open: (source: ChunkMapSource) => void, choose: () => void): Question {
  const node = element('form', { class: 'question', 'aria-label': t('What if'), id: 'what-if' });
  let shown = '';
  return {
    node,
    show: (source, head) => {
      const key = JSON.stringify([source, head.cpus]);
      if (key === shown) return;
      shown = key;
      node.onsubmit = (event) => event.preventDefault();
      node.replaceChildren(...(source.kind === 'cgroup-case' ? caseFields(source, open) : recordingFields(source, head, open)), button(t('Choose another…'), choose, { class: 'action secondary', id: 'choose' }));
    },
  };
}

function caseFields(source: Extract<ChunkMapSource, { kind: 'cgroup-case' }>, open: (source: ChunkMapSource) => void): HTMLElement[] {
  const cpus = cpuField(source.cpus);
  const depopulation = element('input', { type: 'checkbox', id: 'depopulation' });
  depopulation.checked = source.depopulation;
  const run = button(t('Run'), () => {
    if (cpus.validity.valid) open({ kind: 'cgroup-case', cpus: Number(cpus.value), depopulation: depopulation.checked });
  }, { class: 'action', id: 'run' });
  return [label(t('Possible CPUs'), cpus), label(t('Depopulation (since 5.14)'), depopulation), run];
}

function recordingFields(source: Extract<ChunkMapSource, { files: RecordingFiles }>, head: ChunkMapHead, open: (source: ChunkMapSource) => void): HTMLElement[] {
  const cpus = cpuField(head.cpus);
  const strategy = options('strategy', head.strategies.map(({ id, title }) => [id, title]), source.kind === 'what-if' ? source.strategy : 'as recorded');
  const order = options('order', orders(), source.kind === 'what-if' ? source.order : 'as recorded');
  const run = button(t('What if'), () => {
    if (!cpus.validity.valid) return;
    open({ kind: 'what-if', files: source.files, cpus: Number(cpus.value), strategy: strategy.value, order: order.value as AllocationOrderName });
  }, { class: 'action', id: 'run' });
  const back = source.kind === 'recording' ? [] : [button(t('As recorded'), () => open({ kind: 'recording', files: source.files }), { class: 'action secondary', id: 'recorded' })];
  return [label(t('Possible CPUs'), cpus), label(t('Strategy'), strategy), label(t('Order at the start'), order), run, ...back];
}

function cpuField(value: number): HTMLInputElement {
  const field = element('input', { type: 'number', min: '1', max: '8192', step: '1', required: '', id: 'map-cpus' });
  field.value = String(value);
  return field;
}

function options(id: string, all: readonly (readonly [string, string])[], value: string): HTMLSelectElement {
  const made = element('select', { id }, ...all.map(([name, text]) => element('option', { value: name }, text)));
  made.value = value;
  return made;
}

function label(text: string, control: HTMLElement): HTMLElement {
  return element('label', { class: 'field' }, element('span', { class: 'label' }, text), control);
}
