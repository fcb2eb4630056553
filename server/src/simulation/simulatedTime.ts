/**
 * Simulated time is ns in steps of 1/16: sums and differences of such numbers are exact in a double up to
 * 2^49 ns (6.5 days), so that the conservation laws are checked for equality and not for nearness.
 */
const STEPS_PER_NS = 16;

/** The smallest time that passes. */
export const timeStep = 1 / STEPS_PER_NS;

export function quantised(ns: number): number {
  return Math.floor(ns * STEPS_PER_NS + 0.5) / STEPS_PER_NS;
}
