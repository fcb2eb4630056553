/** Something shown at a line of a document, by a name that outlives edits. */
export interface LineAnnotation {
  readonly key: string;
  /** Zero-based. */
  readonly line: number;
}

export interface SteadyOptions {
  /** Typing pauses shorter than this, ms, change nothing that is shown. */
  readonly pause: number;
  /** While typing goes on nothing new is shown either: it would move lines. */
  readonly withholdsNew: boolean;
  /** Asks the editor to ask again: typing has paused and what was kept may be wrong by now. */
  readonly onPause: () => void;
  readonly now: () => number;
}

/**
 * Keeps what is shown in place while a document is typed into: a call that is half written is no call for a moment,
 * and what stood at it would come and go with every key.
 */
export interface SteadyLines<T extends LineAnnotation> {
  typed(uri: string): void;
  /** What to show for the text, given what holds for it by itself. */
  show(uri: string, text: string, fresh: readonly T[]): readonly T[];
  close(uri: string): void;
}

interface Shown<T> {
  text: string;
  annotations: readonly T[];
}

export function steadyLines<T extends LineAnnotation>({ pause, withholdsNew, onPause, now }: SteadyOptions): SteadyLines<T> {
  const shown = new Map<string, Shown<T>>();
  const typedAt = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();

  const askAgainLater = (uri: string): void => {
    clearTimeout(timers.get(uri));
    const wait = pause - (now() - (typedAt.get(uri) ?? 0));
    timers.set(uri, setTimeout(onPause, Math.max(0, wait) + 1).unref());
  };
  return {
    typed: (uri) => void typedAt.set(uri, now()),
    show: (uri, text, fresh) => {
      const before = shown.get(uri);
      const isTyped = now() - (typedAt.get(uri) ?? -Infinity) < pause;
      const annotations = before === undefined || !isTyped ? fresh : kept(before, text, fresh, withholdsNew);
      if (isTyped && annotations !== fresh) askAgainLater(uri);
      shown.set(uri, { text, annotations });
      return annotations;
    },
    close: (uri) => {
      clearTimeout(timers.get(uri));
      for (const known of [shown, typedAt, timers]) known.delete(uri);
    },
  };
}

function kept<T extends LineAnnotation>(before: Shown<T>, text: string, fresh: readonly T[], withholdsNew: boolean): readonly T[] {
  const byKey = new Map(fresh.map((one) => [one.key, one]));
  const known = new Set(before.annotations.map(({ key }) => key));
  const move = lineMover(before.text, text);
  const staying = before.annotations.flatMap((one) => {
    const current = byKey.get(one.key);
    const line = move(one.line);
    return current !== undefined ? [current] : line === null ? [] : [{ ...one, line }];
  });
  const added = withholdsNew ? [] : fresh.filter(({ key }) => !known.has(key));
  return [...staying, ...added].sort((a, b) => a.line - b.line);
}

/** Where a line of the earlier text is now; null where it was deleted. */
export function lineMover(before: string, after: string): (line: number) => number | null {
  const from = before.split('\n');
  const to = after.split('\n');
  const most = Math.min(from.length, to.length);
  let head = 0;
  while (head < most && from[head] === to[head]) head += 1;
  let tail = 0;
  while (tail < most - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail += 1;
  return (line) => {
    if (line < head) return line;
    if (line >= from.length - tail) return line + to.length - from.length;
    return line < to.length - tail ? line : null;
  };
}
