import type { FileFacts, ProblemFact } from '../facts/fileFacts';
import { registersModule } from './reachMarks';

/** The facts of a file that rules need beside its sites. */
export interface RuleFacts extends Pick<FileFacts, 'flows'> {
  /** Loading the file as a module runs code of it. */
  readonly registersModule: boolean;
  /** What is wrong with comments to us; of open documents only. */
  readonly comments: readonly ProblemFact[];
}

export const noRuleFacts: RuleFacts = { flows: [], registersModule: false, comments: [] };

export function ruleFactsOf(facts: Pick<FileFacts, 'flows'> & Parameters<typeof registersModule>[0], comments: readonly ProblemFact[] = []): RuleFacts {
  return { flows: facts.flows, registersModule: registersModule(facts), comments };
}
