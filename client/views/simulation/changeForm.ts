import { cpuListOf } from '../cpuList';
import { element } from '../dom';
import type { RunChange, StoredRun } from '../messages';
import { type LoadField, loadFields, loadOf, loadProblem, textOfLoad } from '../siteLoad';
import { t } from '../l10n';

/** A field of the form: what it says now, and how a new text becomes a change. */
interface Field {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  /** The change, or what is wrong with the text. */
  readonly read: (text: string) => RunChange | string;
}

/** What the next run may do otherwise: one change or several, nothing runs before "Run again". */
export function changeForm(run: StoredRun, change: RunChange, onChange: (change: RunChange) => void): HTMLElement {
  const fields = [...settingFields(run, change), ...loadFieldsOf(run, change)];
  const rows = fields.map((field) => fieldRow(field, onChange));
  return element('fieldset', { class: 'change-form' }, element('legend', {}, t('Run again with')), ...rows);
}

function fieldRow({ id, label, hint, text, read }: Field, onChange: (change: RunChange) => void): HTMLElement {
  const problem = element('span', { class: 'problem', role: 'alert', id: `problem-${id}` });
  const input = element('input', { type: 'text', id: `change-${id}`, 'aria-describedby': `hint-${id} problem-${id}`, spellcheck: 'false' });
  input.value = text;
  input.addEventListener('change', () => {
    const result = read(input.value);
    const wrong = typeof result === 'string';
    problem.textContent = wrong ? result : '';
    input.setAttribute('aria-invalid', String(wrong));
    if (!wrong) onChange(result);
  });
  return element('div', { class: 'field' }, element('label', { for: `change-${id}` }, label), input, element('span', { class: 'muted', id: `hint-${id}` }, hint), problem);
}

function settingFields({ plan, points }: StoredRun, change: RunChange): Field[] {
  const now = { ...plan.params, ...change };
  const { choices } = plan;
  const [first] = points;
  return [
    {
      id: 'cpus', label: t('CPUs'), hint: t('possible and online, with commas between'), text: now.cpus.join(', '),
      read: (text) => {
        const list = cpuListOf(text);
        return 'problem' in list ? list.problem : { cpus: list.counts };
      },
    },
    {
      id: 'strategies', label: t('Strategies'), hint: t('beside the baseline; joined by +: {0}', choices.strategies.join(', ') || t('none changes this scenario')), text: now.strategies.join(', '),
      read: (text) => knownWords(words(text).filter((word) => word !== 'baseline'), choices.strategies, t('strategy'), (strategies) => ({ strategies })),
    },
    {
      id: 'kernels', label: t('Kernels'), hint: t('like 6.1, 6.12: several run side by side'), text: (now.kernels ?? [first?.kernel ?? choices.kernel]).join(', '),
      read: (text) => {
        const wrong = words(text).find((word) => !/^\d+\.\d+/.test(word));
        if (words(text).length === 0) return t('Name at least one kernel, like 6.12.');
        return wrong === undefined ? { kernels: words(text) } : t('“{0}” is no kernel version: write it like 6.12.', wrong);
      },
    },
    {
      id: 'machines', label: t('Machines'), hint: t('side by side: {0}', choices.machines.join(', ')), text: (now.machines ?? [first?.machine ?? choices.machine]).join(', '),
      read: (text) => (words(text).length === 0 ? t('Name at least one machine.') : knownWords(words(text), choices.machines, t('machine'), (machines) => ({ machines }))),
    },
    { id: 'seed', label: t('Seed'), hint: t('the same seed gives the same figures'), text: String(now.seed), read: (text) => whole(text, 0, 2 ** 31, (seed) => ({ seed })) },
    { id: 'replications', label: t('Runs a point'), hint: t('2 to 100; more runs, narrower intervals of chance'), text: String(now.replications ?? 10), read: (text) => whole(text, 2, 100, (replications) => ({ replications })) },
  ];
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function knownWords(list: readonly string[], known: readonly string[], what: string, change: (list: readonly string[]) => RunChange): RunChange | string {
  const wrong = list.flatMap((word) => word.split('+')).find((word) => !known.includes(word));
  return wrong === undefined ? change(list) : t('“{0}” is no {1} here; there are {2}.', wrong, what, known.join(', ') || t('none'));
}

function whole(text: string, least: number, most: number, change: (value: number) => RunChange): RunChange | string {
  const value = Number(text);
  const fine = text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most;
  return fine ? change(value) : t('A whole number from {0} to {1}.', least, most);
}

/** Rate, lifetime and concurrency of a site's own scenario. */
function loadFieldsOf({ plan }: StoredRun, change: RunChange): Field[] {
  const load = change.load ?? plan.params.load;
  if (plan.params.scenario !== 'site' || load === undefined) return [];
  const texts: Record<LoadField, string> = textOfLoad(load);
  return loadFields.map(({ id, label, empty }) => ({
    id, label, hint: `empty: ${empty}`, text: texts[id],
    read: (text) => {
      const wrong = loadProblem(id, text);
      if (wrong !== undefined) return wrong;
      texts[id] = text;
      return { load: { ...load, ...loadOf(texts) } };
    },
  }));
}
