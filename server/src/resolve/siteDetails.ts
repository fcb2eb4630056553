import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import type { PlacedSite } from './reachPairs';
import type { MemberPlace, ResolvedSite, ResolvedSize } from './resolvedSite';
import { inlined, withArguments, type Wrapper } from './wrappers';

/** Bytes and alignment of what a site allocates per CPU, for its arguments in its file. */
export type SizeOf = (file: string, site: SiteFact) => ResolvedSize;

/** What the types and constants of one file after the other answer. */
export interface DetailSource {
  readonly apiOf: (name: string) => Api | undefined;
  readonly sizeOf: SizeOf;
  /** Whether a preprocessor condition over configuration options holds; null where that is not known. */
  readonly holds: (condition: string) => boolean | null;
  /** Number of elements where a `count` argument is no literal; null when unknown. */
  readonly countOf: (file: string, site: SiteFact) => number | null;
  /** The loops around a site in its function, outermost first, as written. */
  readonly loopsOf: (file: string, site: SiteFact) => readonly string[];
  /** How often loops run what is inside; null where a bound is not constant in the file. */
  readonly turnsOf: (file: string, loops: readonly string[]) => number | null;
  /** The batch that an update or a comparison names; null where it names none or it is not constant. */
  readonly batchOf: (file: string, site: SiteFact) => number | null;
  /** The member that keeps what a site creates; null where it is none or not known. */
  readonly memberOf: (file: string, site: SiteFact) => MemberPlace | null;
  /** The discovered wrapper that a name means in a file. */
  readonly wrapperOf: (file: string, name: string) => Wrapper | undefined;
}

/** What the site's own file, its headers and the configuration say of it; the rest is what leads to it. */
export type SiteDetails = Pick<ResolvedSite, 'type' | 'size' | 'count' | 'turns' | 'gfp' | 'atomic' | 'batch' | 'member'>;

/** Kinds that create percpu memory, and so have a size, a create cost and a footprint. */
const creating: ReadonlySet<string> = new Set(['alloc', 'init', 'indirect', 'define']);

export function createsMemory(site: SiteFact): boolean {
  return creating.has(site.kind);
}

/** True for what is created for an object at run time. */
export function isHeld(site: SiteFact): boolean {
  return createsMemory(site) && site.kind !== 'define' && !site.inMacro;
}

/** Where a counter lies in its structure decides what it can share an allocation with; of other areas only pointers lie there. */
function initialisesCounters(site: SiteFact): boolean {
  return isHeld(site) && site.family === 'counter';
}

export function siteDetails(file: string, fact: SiteFact, wrapper: Wrapper | undefined, source: DetailSource): SiteDetails {
  const request = wrapper === undefined ? written(file, fact, source) : wrapped(file, fact, wrapper, source, 0);
  return {
    ...request,
    size: notBuilt(fact, source) ?? request.size,
    turns: createsMemory(fact) ? source.turnsOf(file, source.loopsOf(file, fact)) : 1,
    batch: source.batchOf(file, fact),
    member: initialisesCounters(fact) ? source.memberOf(file, fact) : null,
  };
}

type Request = Pick<ResolvedSite, 'type' | 'size' | 'count' | 'gfp' | 'atomic'>;

/** What the call itself asks for. */
function written(file: string, fact: SiteFact, source: DetailSource): Request {
  const api = source.apiOf(fact.api);
  const gfp = gfpOf(fact, api);
  return {
    type: argument(fact, api?.roles.type),
    size: createsMemory(fact) ? source.sizeOf(file, fact) : noSize(fact),
    count: createsMemory(fact) ? source.countOf(file, fact) : null,
    gfp,
    atomic: gfp !== null && /\bGFP_(ATOMIC|NOWAIT)\b/.test(gfp),
  };
}

/** Wrappers of wrappers beyond this are a circle. */
const deepestWrapper = 4;

/** What the calls inside a wrapper ask for, together, for the arguments of this call. */
function wrapped(file: string, call: SiteFact, wrapper: Wrapper, source: DetailSource, depth: number): Request {
  const requests = callsInForce(wrapper, source).map(({ file: innerFile, site }) => {
    const here = inlined(call, wrapper, site);
    const nested = source.wrapperOf(innerFile, site.api);
    const turns = turnsInside(file, call, wrapper, { file: innerFile, site }, source);
    if (nested !== undefined && depth < deepestWrapper) return inTurns(wrapped(file, here, nested, source, depth + 1), turns);
    const asked = written(file, here, source);
    return inTurns(dependsOnCall(site, here, source) ? asked : { ...asked, size: source.sizeOf(innerFile, site), count: source.countOf(innerFile, site) }, turns);
  });
  const [first] = requests;
  if (first === undefined) return written(file, call, source);
  return requests.length === 1 ? first : { ...first, type: null, count: null, size: sumOf(wrapper.name, requests) };
}

/** How often a wrapper's own loops run a call inside it, for the arguments of this call; once where that is not constant. */
function turnsInside(file: string, call: SiteFact, wrapper: Wrapper, inner: PlacedSite, { loopsOf, turnsOf }: DetailSource): number {
  const loops = loopsOf(inner.file, inner.site);
  if (loops.length === 0) return 1;
  const here = loops.map((loop) => withArguments(loop, call, wrapper));
  return turnsOf(here.some((loop, index) => loop !== loops[index]) ? file : inner.file, here) ?? 1;
}

function inTurns(request: Request, turns: number): Request {
  const { size, count } = request;
  if (turns === 1) return request;
  const whole = { ...size, size: size.size === null ? null : size.size * turns, reason: `${turns} turns of a loop: ${size.reason}` };
  return { ...request, size: whole, count: count === null ? null : count * turns };
}

/** The calls inside a wrapper that the configuration has; where it has none of them, as all code is looked at, all. */
function callsInForce({ inner }: Wrapper, { holds }: DetailSource): Wrapper['inner'] {
  const inForce = inner.filter(({ site }) => site.condition === null || holds(site.condition) !== false);
  return inForce.length === 0 ? inner : inForce;
}

/** True where the caller's arguments decide the size; else the inner call is sized where it stands. */
function dependsOnCall(inner: SiteFact, here: SiteFact, { apiOf }: DetailSource): boolean {
  const { type, size, count } = apiOf(inner.api)?.roles ?? {};
  return inner.inMacro || [type, size, count].some((position) => position !== undefined && inner.arguments[position] !== here.arguments[position]);
}

function sumOf(name: string, requests: readonly Request[]): ResolvedSize {
  const unknown = requests.find(({ size }) => size.size === null);
  if (unknown !== undefined) return unknown.size;
  const sizes = requests.map(({ size }) => size);
  return {
    size: sizes.reduce((sum, { size }) => sum + (size ?? 0), 0),
    align: Math.max(...sizes.map(({ align }) => align ?? 1)),
    source: sizes[0]?.source ?? 'unknown',
    reason: `${sizes.length} calls in ${name}: ${sizes.map(({ reason }) => reason).join('; ')}`,
  };
}

/** What an initialiser stands for is allocated only where the call is compiled. */
function notBuilt({ kind, condition }: SiteFact, { holds }: DetailSource): ResolvedSize | null {
  if ((kind !== 'indirect' && kind !== 'init') || condition === null || holds(condition) !== false) return null;
  return { size: 0, align: 1, source: 'catalogue', reason: `not built: #if ${condition} does not hold` };
}

function noSize(fact: SiteFact): ResolvedSize {
  return { size: null, align: null, source: 'unknown', reason: `${fact.api} allocates nothing` };
}

/** GFP_KERNEL is what the forms without a gfp argument pass on (include/linux/percpu.h). */
function gfpOf(fact: SiteFact, api: Api | undefined): string | null {
  if (api?.roles.gfp !== undefined) return argument(fact, api.roles.gfp);
  return fact.kind === 'alloc' ? 'GFP_KERNEL' : null;
}

function argument(fact: SiteFact, index: number | undefined): string | null {
  return index === undefined ? null : (fact.arguments[index] ?? null);
}
