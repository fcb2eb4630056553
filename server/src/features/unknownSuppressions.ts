import type { ProblemFact } from '../facts/fileFacts';
import { rules } from '../rules/rules';
import { strategies } from '../strategy/strategies';
import type { Snapshot } from '../workspace/snapshot';

const known: ReadonlySet<string> = new Set(['all', ...strategies.map(({ id }) => id), ...rules.map(({ id }) => id)]);

/** Comments of a file that ask for silence of what is neither a strategy nor a rule: a slip, or of another version. */
export function unknownSuppressions(snapshot: Pick<Snapshot, 'sites'>, file: string): readonly ProblemFact[] {
  const comments = new Set((snapshot.sites.get(file) ?? []).flatMap(({ site }) => site.fact.suppressions ?? []));
  const problems = new Map<number, ProblemFact>();
  for (const { ids, span } of comments) {
    const strange = ids.filter((id) => !known.has(id));
    if (strange.length > 0) problems.set(span.start, { span, reason: `"percpu-lens: ignore ${strange.join(', ')}" names no strategy or rule; there are ${[...known].join(', ')}` });
  }
  return [...problems.values()];
}
