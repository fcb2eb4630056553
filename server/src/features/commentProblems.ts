import type { ProblemFact } from '../facts/fileFacts';
import type { Snapshot } from '../workspace/snapshot';
import { unknownSuppressions } from './unknownSuppressions';

/** What is wrong with the percpu-lens comments of an open document. */
export function commentProblems(snapshot: Snapshot, file: string): readonly ProblemFact[] {
  const written = (snapshot.ruleFacts.get(file)?.comments ?? []).map(({ span, reason }) => ({ span, reason: reason.replace(/^line \d+: /, '') }));
  return [...written, ...unknownSuppressions(snapshot, file)];
}
