import type { Browser, FrameLocator } from 'playwright-core';

/** A task over 50 ms of a frame, as the browser's own observer reports it; ms. */
export interface LongTask {
  readonly duration: number;
  /** How long its thread was on a processor: the rest went to other programs of the machine. */
  readonly busy: number;
}

export interface LongTaskWatch {
  /** Those of the frame itself, and how many all its neighbours had with it. */
  stop(): Promise<{ readonly own: readonly LongTask[]; readonly all: number }>;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly data?: { readonly startTime?: number } };
}

const clockMark = 'percpu-lens.clock';

/** Watches the document of a frame for long tasks, with a trace of the browser beside it that knows the time on the processor. */
export async function watchLongTasks(browser: Browser, frame: FrameLocator): Promise<LongTaskWatch> {
  const body = frame.locator('body');
  const session = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] } });
  await body.evaluate(`(() => {
    window.longTasks = [];
    window.longTaskObserver = new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ name, startTime, duration }) => ({ name, startTime, duration }))));
    window.longTaskObserver.observe({ type: 'longtask' });
    performance.mark('${clockMark}');
  })()`);
  return {
    stop: async () => {
      // Entries are delivered with the frame after.
      const seen: readonly { name: string; startTime: number; duration: number }[] = await body.evaluate(`new Promise((resolve) => setTimeout(() => {
        window.longTaskObserver.disconnect();
        resolve(window.longTasks);
      }, 200))`);
      const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
      await session.send('Tracing.end');
      await ended;
      await session.detach();
      const busyOf = processorTimes(events);
      return { own: seen.filter(({ name }) => name === 'self').map(({ startTime, duration }) => ({ duration, busy: busyOf(startTime, duration) })), all: seen.length };
    },
  };
}

/** Processor time of the frame's thread within an interval of the frame's clock, ms. */
function processorTimes(events: readonly TraceEvent[]): (startTime: number, duration: number) => number {
  const mark = events.findLast(({ name, args }) => name === clockMark && args.data?.startTime !== undefined);
  if (mark?.args.data?.startTime === undefined) throw new Error('the trace does not hold the mark of the panel’s clock');
  const zero = mark.ts - mark.args.data.startTime * 1000;
  const tasks = events.filter(({ name, pid, tid, ph }) => name === 'ThreadControllerImpl::RunTask' && ph === 'X' && pid === mark.pid && tid === mark.tid);
  return (startTime, duration) => {
    const [from, to] = [zero + startTime * 1000 - 1000, zero + (startTime + duration) * 1000 + 1000];
    const within = tasks.filter(({ ts, dur = 0 }) => ts + dur > from && ts < to).map(({ tdur = 0 }) => tdur / 1000);
    if (within.length === 0) throw new Error('the trace does not hold a long task that the browser reported');
    return Math.max(...within);
  };
}

/**
 * The control: how many tasks of a length that is far from long get long here, while the panel is left alone. None on a
 * machine that has a processor for the browser.
 */
export async function stretchedTasks(frame: FrameLocator, busyMilliseconds: number, tasks: number): Promise<number> {
  return frame.locator('body').evaluate(`(async () => {
    const work = (rounds) => { let sum = 0; for (let i = 0; i < rounds; i += 1) sum += Math.sqrt(i); return sum; };
    const timed = (rounds) => { const start = performance.now(); work(rounds); return performance.now() - start; };
    const unit = 200000;
    timed(unit);
    const rounds = Math.round(unit * ${String(busyMilliseconds)} / Math.min(...Array.from({ length: 20 }, () => timed(unit))));
    let long = 0;
    for (let task = 0; task < ${String(tasks)}; task += 1) {
      await new Promise((resolve) => setTimeout(resolve, 8));
      if (timed(rounds) > 50) long += 1;
    }
    return long;
  })()`);
}
