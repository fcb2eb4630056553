import type { LinkFacts } from '../../resolve/callGraph';
import { namedMarks } from '../../resolve/reachMarks';

/**
 * Which files say something of a name, so that those of one are found without the facts of all: by a digest of the name, so
 * that a file can be among them that does not.
 */
export interface NameIndex {
  readonly files: readonly string[];
  /** In order; of each the file is at the same place in `at`. */
  readonly digests: Uint32Array;
  readonly at: Uint16Array;
}

/** Numbers of files are kept in two bytes: beyond that nothing is found by name. */
const mostFiles = 0xffff;

/** Null where there are too many files. */
export function nameIndex(facts: ReadonlyMap<string, LinkFacts>): NameIndex | null {
  const files = [...facts.keys()];
  return files.length > mostFiles ? null : indexOf(files, [...facts.values()].map((own, at) => [at, own]));
}

export function filesNaming(name: string, { files, digests, at }: NameIndex): readonly string[] {
  const digest = digestOf(name);
  const found: string[] = [];
  for (let place = firstOf(digest, digests); digests[place] === digest; place++) found.push(files[at[place] ?? 0] ?? '');
  return found.sort();
}

/** The index after some files were edited; facts are undefined where a file has none. Null where there are too many files. */
export function indexAfter(index: NameIndex, edited: ReadonlyMap<string, LinkFacts | undefined>): NameIndex | null {
  const files = [...index.files];
  const places = new Map(files.map((file, at) => [file, at]));
  const changed = new Set([...edited.keys()].map((file) => places.get(file)));
  const now: [number, LinkFacts][] = [];
  for (const [file, facts] of edited) if (facts !== undefined) now.push([places.get(file) ?? files.push(file) - 1, facts]);
  if (files.length > mostFiles) return null;
  return merged(files, index, (at) => !changed.has(at), indexOf(files, now));
}

function merged(files: readonly string[], one: NameIndex, isLeft: (at: number) => boolean, other: NameIndex): NameIndex {
  const digests = new Uint32Array(one.digests.length + other.digests.length);
  const at = new Uint16Array(digests.length);
  let end = 0;
  let next = 0;
  const take = (from: NameIndex, place: number): void => {
    digests[end] = from.digests[place] ?? 0;
    at[end++] = from.at[place] ?? 0;
  };
  for (let place = 0; place < one.digests.length; place++) {
    while (next < other.digests.length && (other.digests[next] ?? 0) < (one.digests[place] ?? 0)) take(other, next++);
    if (isLeft(one.at[place] ?? 0)) take(one, place);
  }
  while (next < other.digests.length) take(other, next++);
  return { files, digests: digests.slice(0, end), at: at.slice(0, end) };
}

function indexOf(files: readonly string[], some: readonly (readonly [number, LinkFacts])[]): NameIndex {
  const pairs = new Float64Array(some.reduce((sum, [, facts]) => sum + countIn(facts), 0));
  let end = 0;
  for (const [at, facts] of some) eachName(facts, (name) => void (pairs[end++] = digestOf(name) * (mostFiles + 1) + at));
  const sorted = pairs.subarray(0, end).sort();
  const [digests, at] = [new Uint32Array(end), new Uint16Array(end)];
  let count = 0;
  for (let place = 0; place < end; place++) {
    const pair = sorted[place] ?? 0;
    if (place > 0 && pair === sorted[place - 1]) continue;
    digests[count] = Math.floor(pair / (mostFiles + 1));
    at[count++] = pair % (mostFiles + 1);
  }
  return { files, digests: digests.slice(0, count), at: at.slice(0, count) };
}

function countIn(facts: LinkFacts): number {
  const called = facts.calls.reduce((sum, { callees }) => sum + callees.length, 0);
  return facts.functions.length + facts.macros.length + called + facts.mentions.length + namedMarks(facts).size;
}

/** All that a call graph finds by name; one may come again. */
function eachName(facts: LinkFacts, take: (name: string) => void): void {
  for (const { name } of facts.functions) take(name);
  for (const { name } of facts.macros) take(name);
  for (const { callees } of facts.calls) for (const callee of callees) take(callee);
  for (const { name } of facts.mentions) take(name);
  for (const name of namedMarks(facts).keys()) take(name);
}

/** FNV-1a in 32 bits. */
function digestOf(name: string): number {
  let digest = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) digest = Math.imul(digest ^ name.charCodeAt(at), 0x01000193);
  return digest >>> 0;
}

/** The first place that is not before a digest. */
function firstOf(digest: number, digests: Uint32Array): number {
  let [from, to] = [0, digests.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((digests[middle] ?? 0) < digest) from = middle + 1;
    else to = middle;
  }
  return from;
}
