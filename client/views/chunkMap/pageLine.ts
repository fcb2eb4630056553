import { bytes, count } from '../format';
import { t } from '../l10n';
import { areasInPage, byOwner, type MapState } from './mapState';

/** Owners named in the line; the table has them all. */
const mostOwners = 4;

/** What is in the page pointed at, in a sentence. */
export function pageLine({ chunks, chunk: base, page, areas, head }: MapState): string {
  const chunk = chunks.find((one) => one.base === base);
  if (chunk === undefined || page === null || head === null) return t('Point at a page, or move over the pages with the arrow keys.');
  const used = chunk.used[page] ?? 0;
  const place = t('Chunk {0}, page {1} of {2} (offset {3})', chunk.base, count(page), count(chunk.used.length), `0x${(page * head.page_size).toString(16)}`);
  const backed = chunk.populated[page] === '1' ? t('populated in all {0} units', count(head.units)) : t('not populated');
  const text = `${place}: ${backed}, ${t('{0} used, {1} free', bytes(used), bytes(head.page_size - used))}.`;
  if (areas === null || used === 0) return text;
  const inside = byOwner(areasInPage(areas, page, head.page_size));
  const named = inside.slice(0, mostOwners).map(({ owner, areas: number }) => `${owner ?? t('before the trace')} ×${count(number)}`);
  const more = inside.length > mostOwners ? t(' and {0} more', count(inside.length - mostOwners)) : '';
  return `${text} ${t('Allocated by {0}.', named.join(', ') + more)}`;
}
