/**
 * What an analysis of types meets and cannot answer; thrown inside `resolve/` only, and turned into a reason where
 * the analysis began.
 */
export class Unresolved extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Unresolved';
  }
}

export function unresolved(reason: string): never {
  throw new Unresolved(reason);
}

export type Outcome<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly reason: string };

/** Runs an analysis and gives its value or the reason why there is none. Too deep a nesting is a reason as well. */
export function attempt<T>(analysis: () => T): Outcome<T> {
  try {
    return { known: true, value: analysis() };
  } catch (error) {
    if (error instanceof Unresolved) return { known: false, reason: error.message };
    if (error instanceof RangeError) return { known: false, reason: 'nested too deeply to analyse' };
    throw error;
  }
}
