import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Scenario } from './scenario';

/** A scenario on a kernel and a machine with so many memory nodes. */
export type ScenarioFactory = (kernel: LifeCycle['kernel'], nodes: number) => Scenario;
