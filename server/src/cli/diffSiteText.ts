import type { DiffSite, SiteChange } from '../protocol/diff';
import { turnsText } from '../features/diff/turnsText';

/** A changed site in words, for all formats. */

/** `alloc_percpu(struct x)`, and the call that it was. */
export function callText({ before, after }: SiteChange): string {
  const text = ({ api, first_argument: first }: DiffSite): string => `${api}(${shortened(first ?? '')})`;
  const now = after ?? before;
  if (now === null) return '';
  return before !== null && after !== null && before.api !== after.api ? `${before.api} → ${text(after)}` : text(now);
}

function shortened(text: string): string {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}

/** What changed beside the size, and what a reader must know. */
export function remarks({ aspects, before, after, note }: SiteChange): string {
  const parts = aspects.flatMap((aspect) => {
    switch (aspect) {
      case 'class':
        return [`trigger ${before?.frequency_class[0] ?? ''} → ${after?.frequency_class[0] ?? ''}`];
      case 'gfp':
        return [`gfp ${before?.gfp ?? 'none'} → ${after?.gfp ?? 'none'}`];
      case 'count':
        return [`count ${before?.count ?? 'unknown'} → ${after?.count ?? 'unknown'}`];
      case 'lock':
        return [`locks ${lockText(before)} → ${lockText(after)}`];
      case 'size':
      case 'api':
        return [];
    }
  });
  return [turnsText({ before, after }), ...parts, ...(note === null ? [] : [note])].filter((text) => text !== '').join('; ');
}

function lockText(site: DiffSite | null): string {
  return site === null || site.locks.length === 0 ? 'none' : site.locks.join(', ');
}
