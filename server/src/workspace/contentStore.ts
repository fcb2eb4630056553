import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync, utimesSync, writeSync } from 'node:fs';
import path from 'node:path';
import { unfinishedName, type CacheFolder } from './cacheFolder';

/**
 * Results by the content that they were made of, on disk in a few packed files. Each save adds a file; files are made
 * beside and renamed, so that a reader sees all of one or nothing, and two processes never write to the same. A record
 * carries its checksum: what is damaged is not known.
 */
export interface ContentStore {
  /** The text kept for a content; null: kept that there is none; undefined: not known. */
  get(content: string): string | null | undefined;
  has(content: string): boolean;
  /** Of all that is known. */
  contents(): Iterable<string>;
  put(content: string, result: string | null): void;
  /** Lets this and every later process know what was put. */
  save(): void;
  /** Ends; what was put since the last save is dropped. */
  close(): void;
}

/** Nothing is known and nothing kept. */
export const noStore: ContentStore = {
  get: () => undefined,
  has: () => false,
  contents: () => [],
  put: () => undefined,
  save: () => undefined,
  close: () => undefined,
};

interface Place {
  readonly descriptor: number;
  readonly start: number;
  /** In bytes; -1 for null. */
  readonly length: number;
  readonly checksum: string;
}

interface Growing {
  readonly descriptor: number;
  readonly file: string;
  readonly contents: string[];
  end: number;
}

/** More files than this are merged into one. */
const mostPacks = 6;
const extension = '.pack';

/** The store of one kind of result; `space` names the kind with all that the results depend on beside the content. */
export function openContentStore(folder: CacheFolder | null, space: string): ContentStore {
  if (folder === null) return noStore;
  const directory = path.join(folder.directory, createHash('sha1').update(space).digest('hex').slice(0, 16));
  const places = new Map<string, Place>();
  const descriptors: number[] = [];
  const packs = packFiles(directory);
  for (const file of packs) {
    const pack = openPack(file);
    if (pack === null) continue;
    descriptors.push(pack.descriptor);
    for (const [content, place] of pack.places) places.set(content, place);
  }
  let growing: Growing | null = null;

  const store: ContentStore = {
    get: (content) => {
      const place = places.get(content);
      return place === undefined ? undefined : readRecord(place);
    },
    has: (content) => places.has(content),
    contents: () => places.keys(),
    put: (content, result) => {
      if (places.has(content)) return;
      growing ??= beginPack(directory, descriptors);
      if (growing !== null) places.set(content, append(growing, content, result));
    },
    save: () => {
      if (growing === null) return;
      const isMerge = packs.length >= mostPacks;
      if (isMerge) copyOthers(growing, places, store);
      const saved = finishPack(growing, places);
      growing = null;
      if (saved === null) return;
      if (isMerge) packs.splice(0).forEach((file) => rmSync(file, { force: true }));
      packs.push(saved);
    },
    close: () => {
      descriptors.splice(0).forEach((descriptor) => closeSync(descriptor));
      if (growing !== null) rmSync(growing.file, { force: true });
      growing = null;
      places.clear();
    },
  };
  return store;
}

/** Oldest first: what a later one says of a content is said again, not otherwise. */
function packFiles(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(extension)).sort().map((name) => path.join(directory, name));
  } catch {
    return [];
  }
}

function beginPack(directory: string, descriptors: number[]): Growing | null {
  try {
    mkdirSync(directory, { recursive: true });
    const name = `${Date.now().toString(36).padStart(9, '0')}-${process.pid}-${Math.random().toString(36).slice(2)}${extension}`;
    const file = unfinishedName(path.join(directory, name));
    const descriptor = openSync(file, 'wx+');
    descriptors.push(descriptor);
    return { descriptor, file, contents: [], end: 0 };
  } catch {
    return null;
  }
}

function append(pack: Growing, content: string, result: string | null): Place {
  const bytes = Buffer.from(result ?? '', 'utf8');
  const place = { descriptor: pack.descriptor, start: pack.end, length: result === null ? -1 : bytes.length, checksum: checksum(bytes) };
  writeSync(pack.descriptor, bytes, 0, bytes.length, pack.end);
  pack.end += bytes.length;
  pack.contents.push(content);
  return place;
}

function copyOthers(pack: Growing, places: Map<string, Place>, store: ContentStore): void {
  for (const [content, place] of [...places]) {
    if (place.descriptor === pack.descriptor) continue;
    const result = store.get(content);
    if (result === undefined) places.delete(content);
    else places.set(content, append(pack, content, result));
  }
}

/** The trailer tells where the index starts and what its checksum is. */
const trailerLength = 64;

/** The finished file; null where the disk does not take it: then nothing is kept, and nothing is wrong. */
function finishPack(pack: Growing, places: ReadonlyMap<string, Place>): string | null {
  const index = Buffer.from(pack.contents.map((content) => indexLine(content, places.get(content))).join(''), 'utf8');
  const trailer = `${checksum(index)} ${pack.end} ${index.length}`.padEnd(trailerLength - 1) + '\n';
  const final = pack.file.slice(0, pack.file.indexOf(extension) + extension.length);
  try {
    writeSync(pack.descriptor, index, 0, index.length, pack.end);
    writeSync(pack.descriptor, trailer, pack.end + index.length, 'latin1');
    renameSync(pack.file, final);
    return final;
  } catch {
    rmSync(pack.file, { force: true });
    return null;
  }
}

function indexLine(content: string, place: Place | undefined): string {
  return place === undefined ? '' : `${content} ${place.start} ${place.length} ${place.checksum}\n`;
}

function openPack(file: string): { readonly descriptor: number; readonly places: ReadonlyMap<string, Place> } | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, 'r');
    const index = readIndex(descriptor);
    if (index !== null) {
      touch(file);
      return { descriptor, places: placesIn(index, descriptor) };
    }
  } catch {
    // Gone since it was listed, or not ours to read.
  }
  if (descriptor !== null) closeSync(descriptor);
  return null;
}

/** What was used last is kept longest. */
function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // A cache that cannot be written is read all the same.
  }
}

function readIndex(descriptor: number): string | null {
  const { size } = fstatSync(descriptor);
  if (size < trailerLength) return null;
  const [sum = '', start = '', length = ''] = readBytes(descriptor, size - trailerLength, trailerLength).toString('latin1').trim().split(' ');
  if (Number(start) + Number(length) + trailerLength !== size) return null;
  const index = readBytes(descriptor, Number(start), Number(length));
  return checksum(index) === sum ? index.toString('utf8') : null;
}

function placesIn(index: string, descriptor: number): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const line of index.split('\n')) {
    const [content, start, length, sum] = line.split(' ');
    if (content === undefined || sum === undefined) continue;
    places.set(content, { descriptor, start: Number(start), length: Number(length), checksum: sum });
  }
  return places;
}

function readRecord({ descriptor, start, length, checksum: expected }: Place): string | null | undefined {
  if (length === -1) return null;
  try {
    const bytes = readBytes(descriptor, start, length);
    return checksum(bytes) === expected ? bytes.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

function readBytes(descriptor: number, start: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const read = readSync(descriptor, bytes, 0, length, start);
  return bytes.subarray(0, read);
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex').slice(0, 16);
}
