/** Everything that can be wrong with a request before its scenario is looked at; `Refused` says what. */
import { maximumCpus } from '../machine/cpuCount';
import type { SimulationRequest } from '../protocol/simulation';
import { Refused } from './simulationInput';

const mostReplications = 100;
const longestMs = 600_000;
const largestArea = 32 * 1024;

export function checkRequest(request: SimulationRequest): void {
  checkCpus(request.cpus);
  if (request.strategies.length === 0) throw new Refused('no strategy given: say at least baseline');
  if (!Number.isSafeInteger(request.seed) || request.seed < 0) throw new Refused(`seed ${String(request.seed)}: give a whole number of 0 or more`);
  checkWhole('replications', request.replications, 2, mostReplications);
  checkPositive('duration', request.duration_ms, longestMs, 'ms');
  for (const [id, value] of Object.entries(request.assumptions ?? {})) {
    if (!Number.isFinite(value) || value < 0) throw new Refused(`assumption ${id} = ${String(value)}: give a number of 0 or more`);
  }
  for (const { scenario, share } of request.mix ?? []) {
    if (!Number.isFinite(share) || share <= 0) throw new Refused(`share ${String(share)} of ${scenario}: give a number above 0`);
  }
  checkSite(request);
}

function checkCpus(cpus: readonly number[]): void {
  if (cpus.length === 0) throw new Refused('no CPU count given');
  const wrong = cpus.find((count) => !Number.isInteger(count) || count < 1 || count > maximumCpus);
  if (wrong !== undefined) {
    throw new Refused(`${String(wrong)} CPUs: give whole numbers from 1 to ${String(maximumCpus)}, the most a kernel can be built for`);
  }
}

function checkSite({ site, duration_ms: durationMs }: SimulationRequest): void {
  if (site === undefined) return;
  checkPositive('rate', site.rate_per_s ?? undefined, 1e9, 'per second');
  checkWhole('concurrency', site.concurrency ?? undefined, 1, maximumCpus);
  checkWhole('bytes', site.bytes, 1, largestArea);
  const lifetime = site.lifetime_ns;
  if (lifetime !== null && (!Number.isFinite(lifetime) || lifetime < 0)) throw new Refused(`lifetime ${String(lifetime)} ns: give a number of 0 or more`);
  const seconds = (durationMs ?? 10_000) / 1000;
  if (site.rate_per_s !== null && site.rate_per_s * seconds < 20) {
    throw new Refused(`at ${String(site.rate_per_s)} creations a second a run of ${String(seconds)} s sees too few of them: raise the rate or the duration`);
  }
}

function checkWhole(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined) return;
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new Refused(`${name} ${String(value)}: give a whole number from ${String(least)} to ${String(most)}`);
}

function checkPositive(name: string, value: number | undefined, most: number, unit: string): void {
  if (value === undefined || (Number.isFinite(value) && value > 0 && value <= most)) return;
  throw new Refused(`${name} ${String(value)} ${unit}: give a number above 0 and up to ${String(most)}`);
}
