import type { WireChunk } from '../../../server/src/protocol/chunkMap';
import { button, element } from '../dom';
import { bytes, count, share } from '../format';
import { t } from '../l10n';
import { byOwner, type MapState } from './mapState';

/** The chunks with their figures; the button of a chunk chooses it. */
export function chunkTable({ chunks, chunk: chosen }: MapState, choose: (base: string) => void): HTMLElement {
  const headings: readonly (readonly [string, string])[] = [
    [t('Chunk'), t('Address of unit 0')],
    [t('On'), t('The list of the allocator that it is on')],
    [t('Populated'), t('Pages of a unit that memory backs, of all')],
    [t('Used'), t('Allocated bytes of a unit')],
    [t('Free'), t('Free bytes of a unit')],
    [t('Largest hole'), t('Largest free run; in brackets what the allocator believes, where that is less')],
    [t('Areas'), t('Allocations that live')],
    [t('Too small for a page'), t('Share of the free bytes in runs smaller than a page')],
    [t('Memory'), t('Populated pages over all units')],
  ];
  const head = element('tr', {}, ...headings.map(([text, about], index) => element('th', { scope: 'col', title: about, class: index < 2 ? '' : 'numeric' }, text)));
  return element('table', { class: 'chunks', id: 'chunks', 'aria-label': t('Chunks') }, element('thead', {}, head), element('tbody', {}, ...chunks.map((chunk) => row(chunk, chunk.base === chosen, choose))));
}

function row(chunk: WireChunk, chosen: boolean, choose: (base: string) => void): HTMLElement {
  const name = button(chunk.base, () => choose(chunk.base), { class: 'link chunk', 'aria-pressed': String(chosen), 'data-chunk': chunk.base });
  const hint = chunk.hinted_hole < chunk.largest_hole ? ` (${bytes(chunk.hinted_hole)})` : '';
  const cells = [
    t('{0} of {1}', count(chunk.populated_pages), count(chunk.used.length)), bytes(chunk.used_bytes), bytes(chunk.free_bytes), `${bytes(chunk.largest_hole)}${hint}`,
    count(chunk.areas), share(chunk.unusable_for_page), bytes(chunk.memory_bytes),
  ];
  const role = chunk.role === 'dynamic' || chunk.role === chunk.place ? '' : `${chunk.role}, `;
  return element('tr', chosen ? { class: 'chosen' } : {}, element('th', { scope: 'row' }, name), element('td', {}, role + chunk.place), ...cells.map((text) => element('td', { class: 'numeric' }, text)));
}

/** Whose the areas of the chosen chunk are. */
export function ownerTable({ areas, chunk }: MapState): HTMLElement[] {
  if (chunk === null) return [element('p', { class: 'muted' }, t('Choose a chunk to see whose its areas are.'))];
  if (areas === null) return [element('p', { role: 'status' }, t('The areas of {0} are on their way.', chunk))];
  const title = t('Areas of {0} by the function that allocated them', chunk);
  const head = element('tr', {}, ...[t('Function'), t('Areas'), t('Bytes of a unit')].map((text, index) => element('th', { scope: 'col', class: index === 0 ? '' : 'numeric' }, text)));
  const rows = byOwner(areas).map(({ owner, areas: number, bytes: size }) =>
    element('tr', {}, element('th', { scope: 'row' }, owner ?? t('allocated before the trace, or not named in it')), element('td', { class: 'numeric' }, count(number)), element('td', { class: 'numeric' }, bytes(size))));
  return [element('h2', {}, title), element('table', { class: 'owners', id: 'owners', 'aria-label': title }, element('thead', {}, head), element('tbody', {}, ...rows))];
}
