import type { Timeline } from '../protocol/simulation';
import { runEngine, startEngine } from './engine';
import { middle } from './machineLevels';
import { planOf } from './plan';
import { modelOf, pointOf } from './pointRun';
import { derivedSeed } from './randomStream';
import { Refused, type SimulationInput } from './simulationInput';
import { timelineRecorder } from './timelineRecorder';

/** More than a person can look at, and than a page can draw. */
const mostSpans = 200_000;
const longestSpanNs = 1e9;

/** Who ran, waited and held what on each CPU, over `spanNs` of simulated time after a warm-up. Throws `Refused`. */
export function recordTimeline(input: SimulationInput, cpus: number, strategy: string, spanNs: number): Timeline {
  if (!(spanNs > 0 && spanNs <= longestSpanNs)) throw new Refused(`timeline of ${String(spanNs)} ns: give more than 0 and up to 1e9`);
  const plan = planOf({ ...input, request: { ...input.request, cpus: [cpus], strategies: [strategy] } });
  const point = pointOf(plan, cpus, strategy);
  const model = modelOf(plan, point, middle, derivedSeed(plan.request.seed, 0));
  const recorder = timelineRecorder(point.clients);
  const state = startEngine(model.engine, 1000, recorder.hook);
  runEngine(state, plan.longestNs, point.clients * 6, 20 * mostSpans);
  recorder.restart(state.now);
  const from = state.now;
  runEngine(state, from + spanNs, Infinity, mostSpans);
  const to = Math.min(from + spanNs, state.now);
  return { cpus, strategy, locks: model.lockNames, from_ns: from, to_ns: to, lanes: recorder.lanes(to) };
}
