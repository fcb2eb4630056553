import { describe, expect, it } from 'vitest';
import { begunEarly } from '../../server/src/cli/begunEarly';

/** Counts up to a number; takes note of every step. */
function counting(): { readonly work: (input: { readonly to: number }) => Generator<void, string>; readonly steps: string[] } {
  const steps: string[] = [];
  return {
    steps,
    work: function* (input) {
      for (let at = 1; at <= input.to; at++) {
        steps.push(`${at}/${input.to}`);
        // Longer than a turn, so that each step is one.
        for (const end = Date.now() + 15; Date.now() < end;);
        yield;
      }
      return `counted to ${input.to}`;
    },
  };
}

describe('work that is begun on what is likely', () => {
  it('goes on where it stopped once that is known to hold', async () => {
    const { work, steps } = counting();
    const early = begunEarly(work);
    const isKnown = { isCancellationRequested: false };
    const likely = { to: 3 };
    early.begin(likely, isKnown);
    expect(steps).toEqual(['1/3']);
    isKnown.isCancellationRequested = true;
    expect(await early.finish(likely)).toBe('counted to 3');
    expect(steps).toEqual(['1/3', '2/3', '3/3']);
  });

  it('is at its end where what holds is known late', async () => {
    const { work, steps } = counting();
    const early = begunEarly(work);
    const likely = { to: 2 };
    early.begin(likely, { isCancellationRequested: false });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(steps).toEqual(['1/2', '2/2']);
    expect(await early.finish(likely)).toBe('counted to 2');
    expect(steps).toEqual(['1/2', '2/2']);
  });

  it('is of no account where something else holds, whatever became of it', async () => {
    const early = begunEarly<{ readonly to: number }, string>(function* (input) {
      yield;
      if (input.to === 0) throw new Error('of what does not hold');
      return `counted to ${input.to}`;
    });
    early.begin({ to: 0 }, { isCancellationRequested: false });
    expect(await early.finish({ to: 5 })).toBe('counted to 5');
  });

  it('fails where it would have failed later', async () => {
    const early = begunEarly<{ readonly to: number }, string>(function* () {
      yield;
      throw new Error('a fault');
    });
    const likely = { to: 1 };
    early.begin(likely, { isCancellationRequested: false });
    await expect(early.finish(likely)).rejects.toThrow('a fault');
  });
});
