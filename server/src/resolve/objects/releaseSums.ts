import type { CallGraph, Definition } from '../callGraph';
import type { Pairing, PlacedSite } from '../reachPairs';
import { siteCall, type FunctionTexts } from './functionTexts';
import type { Membership } from './membership';
import type { ObjectSource } from './objectSource';
import type { SiteObjects } from './siteObjects';
import { timesOf } from './siteTimes';

interface Releasing {
  readonly graph: Pick<CallGraph, 'definitionsOf' | 'callersOf'>;
  readonly pairs: Pairing;
  readonly texts: FunctionTexts;
  readonly source: ObjectSource;
}

/** How far below the function that releases a counter it is summed: `check_mm` is called by `__mmdrop`. */
const sumDepth = 2;

/** A sum of counters in what releases them belongs to the objects that they do. */
export function summedAtRelease({ file, site }: PlacedSite, objectsOf: SiteObjects, { graph, pairs, texts, source }: Releasing): readonly Membership[] {
  const [made] = pairs.creationsOf(file, site);
  const [start] = site.function === null ? [] : graph.definitionsOf(site.function, file).filter((definition) => definition.file === file);
  if (made === undefined || start === undefined) return [];
  const releasing = new Set(pairs.releasesOf(made.file, made.site).map((end) => `${end.file} ${end.site.function ?? ''}`));
  let way: readonly Definition[] | null = null;
  let level: readonly (readonly Definition[])[] = [[start]];
  for (let depth = 0; depth <= sumDepth && way === null; depth++) {
    way = level.find(([top]) => top !== undefined && releasing.has(`${top.file} ${top.name}`)) ?? null;
    level = level.flatMap((chain) => (chain[0] === undefined ? [] : graph.callersOf(chain[0]).map((caller) => [caller, ...chain])));
  }
  if (way === null) return [];
  const own = siteCall(start, site, texts);
  const times = timesOf(own === undefined ? [] : [{ count: 1, loops: own.loops }], file, source);
  const chain = way.map(({ name }) => name);
  return objectsOf(made.file, made.site).map((object) => ({ ...object, phase: 'destroy', chain, times, within: [] }));
}
