import { count } from '../format';
import { t } from '../l10n';
import type { CommitDifference } from './commitDifference';

/** How many sites differ from the commit that is compared with, and what bounds the comparison; empty where none is. */
export function comparisonLine(difference: CommitDifference | null): string {
  if (difference === null) return '';
  const { ref, changes, notes } = difference.told;
  const of = (kind: string): string => count(changes.filter(({ change }) => change === kind).length);
  const told = changes.length === 0 ? t('No percpu site differs from {0}.', ref) : t('Since {0}: {1} added, {2} changed, {3} removed.', ref, of('added'), of('changed'), of('removed'));
  return [told, ...notes].join(' ');
}
