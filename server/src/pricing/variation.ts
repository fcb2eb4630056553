/**
 * Half width of the even variation of each piece of kernel work, as a share of its mean: an assumption that estimate and
 * simulation share. It keeps CPUs from running in step; no figure is published.
 */
export const workSpread = 0.25;

/** Squared coefficient of variation of such work. */
export const workVariation = workSpread ** 2 / 3;
