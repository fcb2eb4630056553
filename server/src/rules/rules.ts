import { allocationPerElement } from './allocationPerElement';
import { counterRun } from './counterRun';
import { exactCompare } from './exactCompare';
import { missingRelease } from './missingRelease';
import { moduleReserve } from './moduleReserve';
import { pastKnee } from './pastKnee';
import { repeatedSum } from './repeatedSum';
import type { Rule } from './rule';
import { sleepInAtomic } from './sleepInAtomic';
import { tooLarge } from './tooLarge';

/** Every rule; docs/rules.md describes them in this order. */
export const rules: readonly Rule[] = [
  sleepInAtomic, missingRelease, tooLarge, moduleReserve, pastKnee, counterRun, repeatedSum, exactCompare, allocationPerElement,
];

export const ruleById: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.id, rule]));
