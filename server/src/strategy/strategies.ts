import { cidIndexed } from './cidIndexed';
import { ctorDtor } from './ctorDtor';
import { dualMode } from './dualMode';
import { fusedSum } from './fusedSum';
import { grouping } from './grouping';
import { hierarchical } from './hierarchical';
import { lazySwitch } from './lazySwitch';
import { noPercpu } from './noPercpu';
import { onDemand } from './onDemand';
import { percpuCache } from './percpuCache';
import { perNode } from './perNode';
import { perTask } from './perTask';
import { sizeOnContention } from './sizeOnContention';
import { staticDefinition } from './static';
import type { Strategy } from './strategy';

/** Every mitigation that is known, in the order in which they are explained. */
export const strategies: readonly Strategy[] = [
  grouping, ctorDtor, dualMode, onDemand, cidIndexed, lazySwitch, perTask, hierarchical, percpuCache, fusedSum, noPercpu,
  sizeOnContention, staticDefinition, perNode,
];

export function strategyById(id: string): Strategy | undefined {
  return strategies.find((strategy) => strategy.id === id);
}

/** Voiced objections come first for every idea that is not merged; this is the standing in words. */
export function standingText({ standing }: Strategy): string {
  switch (standing.kind) {
    case 'merged': return `merged: ${standing.since}`;
    case 'dropped': return `dropped in ${standing.since}`;
    case 'rfc': return `RFC ${standing.date}`;
    case 'posted': return `patches posted ${standing.date}, not merged`;
    case 'idea': return `idea ${standing.date}`;
  }
}
