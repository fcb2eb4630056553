import type { InventoryAgainst, InventoryReply } from '../../../server/src/protocol/inventory';
import { button, element, settled } from '../dom';
import { t } from '../l10n';
import { moduleNames, type Settings } from './inventoryState';

export interface Toolbar {
  readonly node: HTMLElement;
  show(settings: Settings, reply: InventoryReply | null): void;
}

export interface ToolbarActions {
  readonly filter: (text: string) => void;
  readonly modules: (names: readonly string[]) => void;
  readonly against: (against: InventoryAgainst | null) => void;
  readonly differing: (only: boolean) => void;
  readonly chooseFolder: () => void;
  readonly chooseCommit: () => void;
}

const folder = 'another folder';
const commit = 'a commit';

/** Filter, modules that count as loaded, and the tree that stands beside. */
export function createToolbar(actions: ToolbarActions): Toolbar {
  const filter = element('input', { type: 'search', id: 'filter', placeholder: t('object, function, file, type'), spellcheck: 'false' });
  filter.addEventListener('input', settled(120, () => actions.filter(filter.value)));
  const modules = element('input', { type: 'text', id: 'modules', placeholder: t('names, as nf_conntrack, tls'), spellcheck: 'false', title: t('An object’s own module counts as loaded, others only if they are named here.') });
  modules.addEventListener('change', () => actions.modules(moduleNames(modules.value)));
  const beside = element('select', { id: 'beside' });
  beside.addEventListener('change', () => {
    if (beside.value === folder) actions.chooseFolder();
    else if (beside.value === commit) actions.chooseCommit();
    else actions.against(beside.value === '' ? null : (JSON.parse(beside.value) as InventoryAgainst));
  });
  const differing = button(t('Differences only'), () => actions.differing(differing.getAttribute('aria-pressed') !== 'true'), { class: 'toggle', id: 'differing', 'aria-pressed': 'false' });
  const node = element(
    'div', { class: 'toolbar', role: 'group', 'aria-label': t('Inventory settings') },
    labelled(t('Filter'), filter), labelled(t('Modules counted as loaded'), modules), labelled(t('Side by side with'), beside), differing,
  );
  return {
    node,
    show: (settings, reply) => {
      if (filter.value !== settings.filter) filter.value = settings.filter;
      if (document.activeElement !== modules) modules.value = settings.modules.join(', ');
      differing.setAttribute('aria-pressed', String(settings.differing));
      differing.hidden = reply?.base == null;
      offer(beside, settings.against, reply);
    },
  };
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  return element('div', { class: 'field' }, element('label', { class: 'label', for: control.id }, text), control);
}

function offer(beside: HTMLSelectElement, against: InventoryAgainst | null, reply: InventoryReply | null): void {
  const offers = (reply?.offers ?? []).map((one) => [JSON.stringify(one.against), one.against.kind === 'compared' ? t('{0}, which is compared with', one.name) : one.name] as const);
  const value = against === null ? '' : JSON.stringify(against);
  const known = value === '' || offers.some(([id]) => id === value);
  const options = [['', t('nothing')] as const, ...offers, ...(known ? [] : [[value, reply?.base?.name ?? t('what was chosen')] as const]), [folder, t('Another folder…')] as const, [commit, t('A commit…')] as const];
  const key = JSON.stringify(options);
  if (beside.dataset['options'] !== key) {
    beside.dataset['options'] = key;
    beside.replaceChildren(...options.map(([id, text]) => element('option', { value: id }, text)));
  }
  beside.value = value;
}
