import type { FileFacts } from '../facts/fileFacts';
import { registersModule } from './reachMarks';

/** The facts of a file that rules need beside its sites. */
export interface RuleFacts extends Pick<FileFacts, 'flows'> {
  /** Loading the file as a module runs code of it. */
  readonly registersModule: boolean;
}

export const noRuleFacts: RuleFacts = { flows: [], registersModule: false };

export function ruleFactsOf(facts: Pick<FileFacts, 'flows'> & Parameters<typeof registersModule>[0]): RuleFacts {
  return { flows: facts.flows, registersModule: registersModule(facts) };
}
