import type { Io } from './io';

/** A line of progress on a terminal's standard error; nothing where that is a file or a pipe. */
export function progressLine(io: Io, what: string, total: number): { update: (done: number) => void; clear: () => void } {
  if (!process.stderr.isTTY) return { update: () => undefined, clear: () => undefined };
  let last = 0;
  return {
    update: (done) => {
      const now = Date.now();
      if (now - last < 100) return;
      last = now;
      io.err(`\r${done} of ${total} ${what}`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}
