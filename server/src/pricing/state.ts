/** What else goes on while a step runs. */
export interface PricingState {
  /** CPUs that create and destroy such objects at the same time; 1: nobody else does. */
  readonly creators: number;
}

export const alone: PricingState = { creators: 1 };

/**
 * Chance that the last CPU to touch a shared line was another one. Of n CPUs at work one comes twice in a row with a
 * chance of 1/n, and only where nobody waits: locks are handed on in order. 1/n² stands for both.
 */
export function otherShare(state: PricingState): number {
  return state.creators <= 1 ? 0 : 1 - 1 / state.creators ** 2;
}
