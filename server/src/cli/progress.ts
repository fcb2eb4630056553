import type { Io } from './io';

export interface ProgressLine {
  /** Null where it is not known yet how many there are. */
  readonly update: (done: number, total: number | null) => void;
  readonly clear: () => void;
}

/** A line of progress on a terminal's standard error; nothing where that is a file or a pipe. */
export function progressLine(io: Io, what: string): ProgressLine {
  if (!process.stderr.isTTY) return { update: () => undefined, clear: () => undefined };
  let last = 0;
  return {
    update: (done, total) => {
      const now = Date.now();
      if (now - last < 100) return;
      last = now;
      io.err(`\r${done}${total === null ? '' : ` of ${total}`} ${what}\u001b[K`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}
