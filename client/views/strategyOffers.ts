import type { StrategyChoice, StrategyItem } from '../../server/src/protocol/simulationRequests';

export interface StrategyOffer {
  readonly strategy: StrategyItem;
  readonly picked: boolean;
  /** Why it would be refused; empty where it would not. */
  readonly why: string;
}

/** Those of the thread that began it; compared first where they change the scenario. */
const preferred: readonly string[] = ['grouping', 'ctor-dtor', 'dual-mode'];

/**
 * What is offered for the CPU counts that were chosen: strategies that run there, those picked that are preferred, else the first
 * `few`; and those of `elsewhere`, which change the scenario on the machine in force, that would be refused there.
 */
export function strategyOffers(
  known: readonly StrategyItem[], choices: readonly StrategyChoice[], elsewhere: readonly string[], few: number,
): { readonly running: readonly StrategyOffer[]; readonly refused: readonly StrategyOffer[] } {
  const choiceOf = (id: string): StrategyChoice | undefined => choices.find((choice) => choice.id === id);
  const running = known.filter(({ id }) => choiceOf(id)?.runs === true);
  const refused = known.filter(({ id }) => elsewhere.includes(id) && choiceOf(id)?.runs === false);
  const liked = running.filter(({ id }) => preferred.includes(id));
  const picked = liked.length > 0 ? liked : running.slice(0, few);
  return {
    running: running.map((strategy) => ({ strategy, picked: picked.includes(strategy), why: '' })),
    refused: refused.map((strategy) => ({ strategy, picked: false, why: choiceOf(strategy.id)?.why ?? '' })),
  };
}
