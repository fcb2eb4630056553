import type { WireReason } from '../../../server/src/protocol/report';
import { button, element } from '../dom';
import { quantity } from '../format';
import { t } from '../l10n';

/** A number that unfolds to its parts, down to constants with their sources. */
export function reasonTree(reason: WireReason, unfolded: boolean, open: OpenFunction): HTMLElement {
  const summary = [element('span', { class: 'reason-label' }, reason.label), ' ', valueOf(reason)];
  if (reason.parts.length === 0) return element('div', { class: 'reason leaf' }, ...summary, ...remarks(reason, open));
  const node = element('details', { class: 'reason' }, element('summary', {}, ...summary), ...remarks(reason, open));
  node.append(element('div', { class: 'parts' }, how(reason), ...reason.parts.map((part) => reasonTree(part, unfolded, open))));
  node.open = unfolded;
  return node;
}

function valueOf(reason: WireReason): HTMLElement {
  if (reason.value === null) return element('span', { class: 'unknown' }, t('unknown'));
  return element('span', { class: 'reason-value' }, quantity(reason.value, reason.unit));
}

function how(reason: WireReason): HTMLElement {
  const words = { sum: t('sum of'), product: t('product of'), derived: t('follows from'), given: t('from') }[reason.combine];
  return element('span', { class: 'muted' }, words);
}

function remarks(reason: WireReason, open: OpenFunction): HTMLElement[] {
  const note = reason.note === undefined ? [] : [element('div', { class: 'note' }, ...(reason.value === null ? [t('because '), ...linked(reason.note, open)] : linked(reason.note, open)))];
  const source = reason.source === undefined ? [] : [element('div', { class: 'source' }, `${reason.source.kind}: `, ...linked(reason.source.at, open))];
  return [...note, ...source];
}

type OpenFunction = (file: string, name: string | null) => void;

/** `mm/percpu.c pcpu_alloc_noprof` in a text becomes a link to that function of the tree. */
function linked(text: string, open: OpenFunction): (Node | string)[] {
  const place = /\b((?:[\w-]+\/)+[\w-]+\.[chS])(?:[ :](\w+))?/.exec(text);
  const [whole, file] = place ?? [];
  if (place === null || whole === undefined || file === undefined) return [text];
  const link = button(whole, () => open(file, place[2] ?? null), { class: 'link place', title: t('Open {0} in the tree', whole) });
  return [text.slice(0, place.index), link, ...linked(text.slice(place.index + whole.length), open)];
}
