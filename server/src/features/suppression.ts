import { suppressionOf } from '../profile/suppression';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Snapshot } from '../workspace/snapshot';

/** A decision against showing what a rule or strategy says, with its reason. */
export interface Suppressed {
  readonly by: 'comment' | 'profile';
  readonly reason: string;
}

/**
 * Whether the project does not want to hear of a rule or strategy at a site: by a comment in the code or by `percpu.toml`.
 * A comment without a reason decides nothing.
 */
export function suppressedAt({ profile }: Pick<Snapshot, 'profile'>, id: string, { file, fact }: Pick<ResolvedSite, 'file' | 'fact'>): Suppressed | null {
  const comment = fact.suppressions?.find(({ ids, reason }) => reason !== null && (ids.includes(id) || ids.includes('all')));
  if (comment?.reason != null) return { by: 'comment', reason: comment.reason };
  const decided = suppressionOf(profile.suppressions, { file, function: fact.function, id });
  return decided === null ? null : { by: 'profile', reason: decided.reason };
}

export function suppressionText({ by, reason }: Suppressed): string {
  return `suppressed by ${by === 'comment' ? 'a comment' : 'percpu.toml'}: ${reason}`;
}
