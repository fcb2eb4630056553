import { pairBrackets } from '../syntax/brackets';
import { Code } from '../syntax/characters';
import type { Scan, Segment } from '../syntax/segment';
import { nextToken, startAt, wordAt } from '../syntax/tokenAccess';
import type { FunctionFact, MacroFact, SiteFact } from './fileFacts';
import { argumentsOf } from './siteArguments';
import { assignedByTokens } from './tokenContext';

/**
 * What a function does with the memory of a whole object: takes it from slab, clears it, copies over it. Only in files
 * that create percpu memory, whose objects it may be.
 */
export interface ObjectMemoryFact {
  readonly how: 'allocated' | 'cleared' | 'copied';
  /** The variable that points to the object: `mm`. */
  readonly object: string;
  /** `kmem_cache_alloc`, `memset`, or the macro around the call: `allocate_mm`. */
  readonly by: string;
  /** The slab cache as written; null where the memory is from kmalloc. */
  readonly cache: string | null;
  /** The memory comes cleared. */
  readonly zeroed: boolean;
  readonly function: string;
  readonly offset: number;
}

const kmallocNames = /^(k[mzc]alloc|kv[mz]alloc)(_node|_array)?(_noprof)?$/;
const cacheNames = /^kmem_cache_(z?)alloc(_node|_lru|_bulk)?(_noprof)?$/;
const cacheInMacro = /\bkmem_cache_(z?)alloc(?:_node|_lru)?\s*\(\s*([\w.]+(?:->[\w.]+)*)/;
const creatingKinds: ReadonlySet<string> = new Set(['alloc', 'init', 'indirect']);

/** How a macro takes an object from its cache: `#define allocate_mm() (kmem_cache_alloc(mm_cachep, GFP_KERNEL))`. */
interface CacheMacro {
  readonly cache: string;
  readonly zeroed: boolean;
}

/** Facts of a file's functions, in the order of the text. */
export function objectMemoryOf(
  file: Scan, functions: readonly FunctionFact[], sites: readonly SiteFact[], macros: readonly MacroFact[],
): readonly ObjectMemoryFact[] {
  if (!sites.some(({ kind }) => creatingKinds.has(kind))) return [];
  const names = new Map(functions.map((fact) => [fact.span.start, fact.name]));
  const cacheMacros = new Map(macros.flatMap(({ name, body }) => {
    const match = cacheInMacro.exec(body);
    return match === null ? [] : [[name, { cache: match[2] ?? '', zeroed: match[1] === 'z' }] as const];
  }));
  return file.segments.flatMap((segment) => {
    const name = segment.kind === 'function' ? names.get(segment.span.start) : undefined;
    return name === undefined ? [] : inFunction(file, segment, name, cacheMacros);
  });
}

function inFunction(file: Scan, segment: Segment, name: string, macros: ReadonlyMap<string, CacheMacro>): ObjectMemoryFact[] {
  const { tokens } = file;
  const calls: number[] = [];
  for (let at = segment.body + 1; at < segment.last - 1; at++) {
    if (tokens.kinds[at + 1] === Code.open && isOfInterest(wordAt(tokens, at), macros)) calls.push(at);
  }
  if (calls.length === 0) return [];
  const brackets = pairBrackets(tokens, segment.body, segment.last);
  return calls.flatMap((at) => {
    const by = wordAt(tokens, at);
    const given = argumentsOf(tokens, brackets, nextToken(tokens, at, segment.last), segment.last);
    const whole = /^mem(set|cpy|move)$/.test(by) ? overwritten(given, by) : allocated(assignedByTokens(tokens, brackets, at, segment.body), given, by, macros);
    return whole === null ? [] : [{ ...whole, by, function: name, offset: startAt(tokens, at) }];
  });
}

function isOfInterest(word: string, macros: ReadonlyMap<string, CacheMacro>): boolean {
  return word === 'memset' || word === 'memcpy' || word === 'memmove' || kmallocNames.test(word) || cacheNames.test(word) || macros.has(word);
}

type Whole = Pick<ObjectMemoryFact, 'how' | 'object' | 'cache' | 'zeroed'>;

/** `memset(mm, 0, sizeof(*mm))` and `memcpy(mm, old, sizeof(*mm))`: the size is that of the object itself. */
function overwritten([target = '', , size = '']: readonly string[], by: string): Whole | null {
  if (!isVariable(target) || !(size.startsWith('sizeof') && (size.includes(`*${target})`) || size.includes('struct ')))) return null;
  return { how: by === 'memset' ? 'cleared' : 'copied', object: target, cache: null, zeroed: by === 'memset' };
}

function allocated(assignedTo: string | null, [first = '']: readonly string[], by: string, macros: ReadonlyMap<string, CacheMacro>): Whole | null {
  const object = (assignedTo ?? '').replace(/^.*[\s*]/, '');
  if (!isVariable(object)) return null;
  const macro = macros.get(by);
  if (macro !== undefined) return { how: 'allocated', object, ...macro };
  const cache = cacheNames.exec(by);
  return { how: 'allocated', object, cache: cache === null ? null : first, zeroed: cache === null ? /^k(v?z|c)alloc/.test(by) : cache[1] === 'z' };
}

function isVariable(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

/**
 * What keeps a site's memory, as written: the target of the assignment (`p->cpu_qstats`), or what an initialiser is
 * given (`&sbi->s_dirs_counter`, `mm` of `mm_alloc_cid(mm)`), whose result is an error code; null where it is neither.
 */
export function keeperText({ kind, assignedTo, arguments: [first = ''] }: Pick<SiteFact, 'kind' | 'assignedTo' | 'arguments'>): string | null {
  if (kind === 'alloc') return assignedTo;
  if (/^&|->/.test(first)) return first.replace(/^&\s*/, '');
  const kept = assignedTo !== null && !takesErrorCode(assignedTo) ? assignedTo : first;
  return kept === '' ? null : kept;
}

/** True for a variable that by its name takes an error code. */
export function takesErrorCode(name: string): boolean {
  return /^(int\s+)?(err|error|ret|rc|res|result|retval|status|r)$/.test(name);
}

/** The variable that points to the object which keeps a site's memory: `sbi` of `sbi->s_dirs_counter`, `mm` of `mm`. */
export function objectVariable(site: Pick<SiteFact, 'kind' | 'assignedTo' | 'arguments'>): string | null {
  return /^\(*([A-Za-z_]\w*)(?:->|\)*$)/.exec(keeperText(site) ?? '')?.[1] ?? null;
}
