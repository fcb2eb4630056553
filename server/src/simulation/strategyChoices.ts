import type { StrategyChoice } from '../protocol/simulationRequests';
import { strategies } from '../strategy/strategies';
import { planOf } from './plan';
import { Refused, type SimulationInput } from './simulationInput';

/**
 * Which single strategies a request can be run with: those that apply to its objects and change what it executes.
 * The request's own strategies are not looked at. Throws `Refused` where it cannot be run at all.
 */
export function strategyChoices(input: SimulationInput): StrategyChoice[] {
  const at = (strategy: string): SimulationInput => ({ ...input, request: { ...input.request, strategies: [strategy] } });
  planOf(at('baseline'));
  return strategies.map(({ id }) => {
    const why = refusal(at(id));
    return { id, runs: why === '', why };
  });
}

function refusal(input: SimulationInput): string {
  try {
    planOf(input);
    return '';
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}
