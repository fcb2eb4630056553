import type { ProblemFact } from '../facts/fileFacts';
import type { Snapshot } from '../workspace/snapshot';

/** What is wrong with the percpu-lens comments of an open document. */
export function commentProblems(snapshot: Snapshot, file: string): readonly ProblemFact[] {
  return (snapshot.ruleFacts.get(file)?.comments ?? []).map(({ span, reason }) => ({ span, reason: reason.replace(/^line \d+: /, '') }));
}
