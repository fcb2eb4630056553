import type { Timeline } from '../../../server/src/protocol/simulation';

/** What of a timeline is in view, simulated ns, and where the reading cursor is. */
export interface TimelineView {
  readonly from: number;
  readonly to: number;
  readonly lane: number;
  readonly time: number;
}

/** Nobody sees more than this much of a nanosecond's neighbourhood. */
const shortestNs = 100;

type Extent = Pick<Timeline, 'from_ns' | 'to_ns' | 'lanes'>;

export function wholeView({ from_ns: from, to_ns: to }: Extent): TimelineView {
  return { from, to: Math.max(from + 1, to), lane: 0, time: from };
}

/** The view `factor` times as long, its cursor where it was on the screen. */
export function zoomed(extent: Extent, view: TimelineView, factor: number): TimelineView {
  const whole = wholeView(extent);
  const length = Math.min(whole.to - whole.from, Math.max(shortestNs, (view.to - view.from) * factor));
  const share = (view.time - view.from) / (view.to - view.from);
  const from = Math.min(whole.to - length, Math.max(whole.from, view.time - share * length));
  return { ...view, from, to: from + length };
}

export function panned(extent: Extent, view: TimelineView, ns: number): TimelineView {
  const whole = wholeView(extent);
  const length = view.to - view.from;
  const from = Math.min(whole.to - length, Math.max(whole.from, view.from + ns));
  return { ...view, from, to: from + length, time: Math.min(from + length, Math.max(from, view.time)) };
}

/** What a key does; null for keys of others. */
export function moved(extent: Extent, view: TimelineView, key: string): TimelineView | null {
  const length = view.to - view.from;
  switch (key) {
    case 'ArrowRight': return stepped(extent, view, length / 50);
    case 'ArrowLeft': return stepped(extent, view, -length / 50);
    case 'ArrowDown': return { ...view, lane: Math.min(extent.lanes.length - 1, view.lane + 1) };
    case 'ArrowUp': return { ...view, lane: Math.max(0, view.lane - 1) };
    case 'PageDown': return panned(extent, view, length);
    case 'PageUp': return panned(extent, view, -length);
    case '+': case '=': return zoomed(extent, view, 0.5);
    case '-': return zoomed(extent, view, 2);
    case '0': return { ...wholeView(extent), lane: view.lane, time: view.time };
    default: return null;
  }
}

/** The cursor goes on, the view with it where it leaves. */
function stepped(extent: Extent, view: TimelineView, ns: number): TimelineView {
  const time = Math.min(extent.to_ns, Math.max(extent.from_ns, view.time + ns));
  const over = time > view.to ? time - view.to : time < view.from ? time - view.from : 0;
  return { ...panned(extent, view, over), time };
}
