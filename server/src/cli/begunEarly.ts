import { Cancelled, type Cancellation } from '../util/cancellation';
import { atOnce, inTurns } from '../util/turns';

/** Work that begins on what is likely, and is used where that turns out to hold. */
export interface BegunEarly<Input, Result> {
  /** Works on in turns until it is known what holds. */
  readonly begin: (likely: Input, isKnown: Cancellation) => void;
  /** What follows from what holds: the work that was begun, where it is on that, to its end. */
  readonly finish: (held: Input) => Promise<Result>;
}

export function begunEarly<Input, Result>(work: (input: Input) => Generator<void, Result>): BegunEarly<Input, Result> {
  interface Begun {
    readonly likely: Input;
    readonly rest: Generator<void, Result>;
    /** Null where it was known before the end. */
    readonly end: Promise<{ readonly result: Result } | null>;
  }
  let begun: Begun | null = null;
  return {
    begin: (likely, isKnown) => {
      const rest = work(likely);
      const end = inTurns(rest, isKnown).then((result) => ({ result }), stopped);
      // Of what does not hold nobody asks how it ended.
      end.catch(() => undefined);
      begun = { likely, rest, end };
    },
    finish: async (held) => {
      if (begun?.likely !== held) return atOnce(work(held));
      const ended = await begun.end;
      return ended === null ? atOnce(begun.rest) : ended.result;
    },
  };
}

function stopped(error: unknown): null {
  if (error instanceof Cancelled) return null;
  throw error;
}
