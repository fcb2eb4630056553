/** What a long task asks between pieces of work; a structural match of LSP's CancellationToken. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}

export const neverCancelled: Cancellation = { isCancellationRequested: false };

export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

export function throwIfCancelled(cancellation: Cancellation): void {
  if (cancellation.isCancellationRequested) throw new Cancelled();
}

/** Lets pending events run; call it between pieces of work of a few milliseconds. */
export async function yieldToEvents(cancellation: Cancellation): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  throwIfCancelled(cancellation);
}
