/** Where a command writes: the answer to `out`, messages and progress to `err`. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Width of the terminal that the answer goes to; absent where it goes to none. */
  readonly columns?: number | undefined;
}

export const exitCodes = {
  done: 0,
  /** `replay`, `validate` or a check found something. */
  found: 1,
  /** Bad usage or bad input: one line on standard error says what and where. */
  usage: 2,
  /** A fault of ours. */
  fault: 3,
} as const;

/** Bad usage or bad input, to be shown as one line; ends the command with exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
