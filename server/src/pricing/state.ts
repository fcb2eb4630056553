/** What else goes on while a step runs. */
export interface PricingState {
  /** CPUs that create and destroy such objects at the same time; 1: nobody else does. */
  readonly creators: number;
}

export const alone: PricingState = { creators: 1 };

/** Chance that the last CPU to touch a shared line was another one. */
export function otherShare(state: PricingState): number {
  return state.creators <= 1 ? 0 : (state.creators - 1) / state.creators;
}
