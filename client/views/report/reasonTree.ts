import type { WireReason } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { quantity } from '../format';

/** A number that unfolds to its parts, down to constants with their sources. */
export function reasonTree(reason: WireReason, unfolded: boolean): HTMLElement {
  const summary = [element('span', { class: 'reason-label' }, reason.label), ' ', valueOf(reason)];
  if (reason.parts.length === 0) return element('div', { class: 'reason leaf' }, ...summary, ...remarks(reason));
  const node = element('details', { class: 'reason' }, element('summary', {}, ...summary), ...remarks(reason));
  node.append(element('div', { class: 'parts' }, how(reason), ...reason.parts.map((part) => reasonTree(part, unfolded))));
  node.open = unfolded;
  return node;
}

function valueOf(reason: WireReason): HTMLElement {
  if (reason.value === null) return element('span', { class: 'unknown' }, 'unknown');
  return element('span', { class: 'reason-value' }, quantity(reason.value, reason.unit));
}

function how(reason: WireReason): HTMLElement {
  const words = { sum: 'sum of', product: 'product of', derived: 'follows from', given: 'from' }[reason.combine];
  return element('span', { class: 'muted' }, words);
}

function remarks(reason: WireReason): HTMLElement[] {
  const note = reason.note === undefined ? [] : [element('div', { class: 'note' }, reason.value === null ? `because ${reason.note}` : reason.note)];
  const source = reason.source === undefined ? [] : [element('div', { class: 'source' }, `${reason.source.kind}: ${reason.source.at}`)];
  return [...note, ...source];
}
