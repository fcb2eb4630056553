import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import type { SimulationRequest } from '../protocol/simulation';
import type { StrategyContext } from '../strategy/strategy';
import type { UserScenario } from '../scenario/userScenario';

/** A request with what only the caller knows; plain data, so that it can go to a worker thread. */
export interface SimulationInput {
  readonly request: SimulationRequest;
  /** Machines that are not built in, or stand in place of a built-in one of their name. */
  readonly machines?: readonly MachineProfile[];
  /** For the scenario `site`: the life cycle of the selected site or object, and its sites for the strategies. */
  readonly lifeCycle?: LifeCycle;
  readonly sites?: StrategyContext['sites'];
  readonly userScenarios?: readonly UserScenario[];
}

/** Thrown for a request that cannot be run as asked: one sentence for the person who asked. */
export class Refused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Refused';
  }
}

export const defaults = { replications: 10, durationMs: 10_000, draws: 8 } as const;
