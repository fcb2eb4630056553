import { GRANULE } from '../allocator/chunk';
import { kindByFunction, kindByName, type EventKind, type TraceEvent } from './traceEvent';

/**
 * Reads event lines of ftrace (`trace`, `trace_pipe`), `trace-cmd report` and `perf script`: all have
 * `task-pid [cpu] flags? timestamp: event: fields`, in their own spacing. Works on bytes: a trace of a gigabyte has
 * millions of lines, of which most are not looked into beyond the event's name.
 */
export interface LineParser {
  /** Reads the line `[start, end)` into `event`; false when it is no event line. */
  readonly parse: (bytes: Uint8Array, start: number, end: number, event: TraceEvent) => boolean;
}

/** What the lines before told. */
interface Learned {
  /** Where in the line the `[` of the CPU was. */
  column: number;
  /** Kinds of event names, by hash. */
  readonly kinds: Map<number, EventKind>;
  readonly bases: BaseNames;
  /** Functions that allocate by their text in the trace; null: not asked for. */
  readonly callers: Map<string, string> | null;
}

const SPACE = 32;
const OPEN_PARENTHESIS = 40;
const CLOSE_PARENTHESIS = 41;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const EQUALS = 61;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const LETTER_X = 120;

/** `callers`: who allocated is read too, which takes longer. */
export function newLineParser(callers = false): LineParser {
  const kinds = new Map([...kindByName].map(([name, kind]) => [hashOf(name), kind]));
  const learned: Learned = { column: 25, kinds, bases: newBaseNames(), callers: callers ? new Map() : null };
  return { parse: (bytes, start, end, event) => parseLine(bytes, start, end, event, learned) };
}

function parseLine(bytes: Uint8Array, start: number, end: number, event: TraceEvent, learned: Learned): boolean {
  let bracket = start + learned.column;
  if (!isCpu(bytes, bracket, end)) {
    bracket = findCpu(bytes, start, end);
    if (bracket === -1) return false;
    learned.column = bracket - start;
  }
  event.cpu = readNumber(bytes, bracket + 1, end);
  let at = skipSpaces(bytes, skipDigits(bytes, bracket + 1, end) + 1, end);
  const flags = at;
  if (!isDigit(bytes[at] ?? 0)) at = skipSpaces(bytes, skipWord(bytes, at, end), end);
  at = readTimestamp(bytes, at, end, event);
  if (at === -1) return false;
  const name = skipSpaces(bytes, at, end);
  const fields = readKind(bytes, name, end, event, learned);
  if (event.kind === 'other') return true;
  readTask(bytes, start, bracket, event);
  event.interrupt = isInterruptFlag(bytes[flags + 2] ?? 0) && flags < name;
  readFields(bytes, fields, end, event, learned.bases);
  if (learned.callers !== null && event.kind === 'alloc') event.caller = readCaller(bytes, fields, end, learned.callers);
  return true;
}

function isCpu(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== OPEN_BRACKET) return false;
  const close = skipDigits(bytes, at + 1, end);
  return close > at + 1 && bytes[close] === CLOSE_BRACKET && bytes[close + 1] === SPACE;
}

/** Position of the `[` before the CPU number, or -1. Task names may hold brackets and spaces too. */
function findCpu(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (isCpu(bytes, at, end)) return at;
  return -1;
}

/** Reads the thread id before the CPU: `comm-12 `, `comm-12 ( 7) ` or, for perf, `comm 12 ` and `comm 7/12 `. */
function readTask(bytes: Uint8Array, start: number, bracket: number, event: TraceEvent): void {
  let end = skipSpacesBack(bytes, bracket, start);
  if (bytes[end - 1] === CLOSE_PARENTHESIS) {
    while (end > start && bytes[end - 1] !== OPEN_PARENTHESIS) end -= 1;
    end = skipSpacesBack(bytes, end - 1, start);
  }
  let id = 0;
  let scale = 1;
  for (let at = end - 1; at >= start; at -= 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    id += digit * scale;
    scale *= 10;
  }
  event.task = id === 0 ? -1 - event.cpu : id;
}

/** Third flag of the latency format: `h`, `s`, `H`, `z`, `Z` in (soft)interrupts or NMIs. */
function isInterruptFlag(flag: number): boolean {
  return flag === 104 || flag === 115 || flag === 72 || flag === 122 || flag === 90;
}

/** Whole numbers and decimals without loss, as Number() would read them. Position behind the colon, -1 for anything else. */
function readTimestamp(bytes: Uint8Array, from: number, end: number, event: TraceEvent): number {
  let digits = 0;
  let decimals = -1;
  for (let at = from; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (isDigit(code)) {
      digits = digits * 10 + code - ZERO;
      if (decimals >= 0) decimals += 1;
    } else if (code === DOT && decimals === -1) {
      decimals = 0;
    } else {
      if (code !== COLON || at === from) return -1;
      // Both fit a double without loss, and then so does their quotient, rounded once.
      event.timestamp = digits > Number.MAX_SAFE_INTEGER ? Number(text(bytes, from, at)) : digits / 10 ** Math.max(decimals, 0);
      return at + 1;
    }
  }
  return -1;
}

/** Reads the event's name, without the system before it (`percpu:percpu_free_percpu:`). Position behind it. */
function readKind(bytes: Uint8Array, from: number, end: number, event: TraceEvent, learned: Learned): number {
  let hash = 0;
  let at = from;
  for (; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === SPACE) break;
    if (code !== COLON) hash = (Math.imul(hash, 31) + code) | 0;
    else if (at + 1 < end && bytes[at + 1] !== SPACE) hash = 0;
  }
  let kind = learned.kinds.get(hash);
  if (kind === undefined) {
    kind = kindByProbe(text(bytes, at, end));
    learned.kinds.set(hash, kind);
  }
  event.kind = kind;
  return at;
}

function hashOf(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  return hash;
}

/** `(pcpu_alloc_area+0x0/0x280) …` for a probe with a name of the user's; of returns some have an arrow and count. */
function kindByProbe(fields: string): EventKind {
  const place = /^\s*\(([^)]*)\)/.exec(fields)?.[1];
  if (place === undefined) return 'other';
  const [, returned] = place.split('<-');
  if (returned === undefined) return kindByFunction.get(place.split('+')[0] ?? '') ?? 'other';
  switch (returned.trim()) {
    case 'pcpu_balance_workfn':
      return 'probe-balance-return';
    case 'pcpu_balance_free':
      return 'probe-trim-return';
    case 'pcpu_alloc_area':
      return 'probe-area-return';
    default:
      return 'other';
  }
}

function readFields(bytes: Uint8Array, from: number, end: number, event: TraceEvent, bases: BaseNames): void {
  cursor = from;
  switch (event.kind) {
    case 'alloc':
      readRequest(bytes, from, end, event);
      event.base = bases.read(bytes, valueOf(bytes, from, end, BASE), end);
      event.offset = numberOf(bytes, from, end, OFFSET);
      return;
    case 'alloc-failed':
      readRequest(bytes, from, end, event);
      return;
    case 'free':
    case 'create':
    case 'destroy':
      event.base = bases.read(bytes, valueOf(bytes, from, end, BASE), end);
      event.offset = numberOf(bytes, from, end, OFFSET);
      return;
    case 'probe-free':
      event.offset = numberOf(bytes, from, end, OFFSET);
      event.base = bases.read(bytes, valueOf(bytes, from, end, BASE), end);
      return;
    case 'probe-fit':
    case 'probe-area':
      event.size = numberOf(bytes, from, end, BITS) * GRANULE;
      event.align = numberOf(bytes, from, end, ALIGN) * GRANULE;
      event.atomic = numberOf(bytes, from, end, POPULATED_ONLY) === 1;
      return;
    case 'probe-area-return':
    case 'probe-relocate':
      if (isRoutine(bytes, from, end, event.kind)) event.kind = 'other';
      return;
    case 'probe-populated':
    case 'probe-depopulated':
      event.start = numberOf(bytes, from, end, START);
      event.end = numberOf(bytes, from, end, END);
      event.base = bases.read(bytes, valueOf(bytes, from, end, BASE), end);
      return;
    case 'probe-trim':
      event.emptyOnly = numberOf(bytes, from, end, EMPTY_ONLY) === 1;
      return;
    case 'probe-balance':
    case 'probe-balance-return':
    case 'probe-trim-return':
    case 'mark':
    case 'other':
      return;
  }
}

/** Only a taking that failed matters (the search goes on behind it), and a chunk that had no slot before. */
function isRoutine(bytes: Uint8Array, from: number, end: number, kind: 'probe-area-return' | 'probe-relocate'): boolean {
  return bytes[valueOf(bytes, from, end, kind === 'probe-relocate' ? OLD_SLOT : OFFSET)] !== DASH;
}

function readRequest(bytes: Uint8Array, from: number, end: number, event: TraceEvent): void {
  event.reserved = numberOf(bytes, from, end, RESERVED) === 1;
  event.atomic = numberOf(bytes, from, end, IS_ATOMIC) === 1;
  event.size = numberOf(bytes, from, end, SIZE);
  event.align = numberOf(bytes, from, end, ALIGN);
}

/** `mm_init` of `call_site=mm_init+0x268/0x3e0`; the kernel has the field since 6.0. */
function readCaller(bytes: Uint8Array, from: number, end: number, known: Map<string, string>): string {
  cursor = from;
  const start = valueOf(bytes, from, end, CALLER);
  const place = text(bytes, start, skipWord(bytes, start, end));
  const name = known.get(place) ?? (place.split('+')[0] ?? place);
  known.set(place, name);
  return name;
}

/** The first two letters of a field tell it from the other fields of its event. */
const key = (name: string): number => (name.charCodeAt(0) << 8) | name.charCodeAt(1);
const ALIGN = key('align');
const BASE = key('base');
const BITS = key('bits');
const EMPTY_ONLY = key('empty_only');
const CALLER = key('call_site');
const END = key('e=');
const IS_ATOMIC = key('is_atomic');
const OFFSET = key('off');
const OLD_SLOT = key('oslot');
const POPULATED_ONLY = key('pop_only');
const RESERVED = key('reserved');
const SIZE = key('size');
const START = key('s=');

/** Behind the last field read: the kernel writes the fields of an event in one order. */
let cursor = 0;

/** Position of a field's value, or `end` where the line has no such field. */
function valueOf(bytes: Uint8Array, from: number, end: number, name: number): number {
  const ahead = cursor > from && cursor < end ? seek(bytes, cursor, end, name) : end;
  const found = ahead === end ? seek(bytes, from, end, name) : ahead;
  cursor = found;
  return found;
}

function seek(bytes: Uint8Array, from: number, end: number, name: number): number {
  const first = name >> 8;
  const second = name & 255;
  for (let at = from; at < end - 2; at += 1) {
    if (bytes[at] !== SPACE || bytes[at + 1] !== first || bytes[at + 2] !== second) continue;
    for (at += 2; at < end; at += 1) if (bytes[at] === EQUALS) return at + 1;
  }
  return end;
}

function numberOf(bytes: Uint8Array, from: number, end: number, name: number): number {
  const at = valueOf(bytes, from, end, name);
  if (bytes[at] === DASH) return -readNumber(bytes, at + 1, end);
  if (bytes[at] === ZERO && bytes[at + 1] === LETTER_X) return Number.parseInt(text(bytes, at, Math.min(at + 18, end)), 16);
  return readNumber(bytes, at, end);
}

function readNumber(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let at = from; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return value;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isDigit(bytes[at] ?? 0)) at += 1;
  return at;
}

function skipSpaces(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] === SPACE) at += 1;
  return at;
}

function skipWord(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== SPACE) at += 1;
  return at;
}

function skipSpacesBack(bytes: Uint8Array, from: number, start: number): number {
  let at = from;
  while (at > start && bytes[at - 1] === SPACE) at -= 1;
  return at;
}

function text(bytes: Uint8Array, from: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('latin1');
}

/** Keeps one string for each chunk address, so that equal addresses are the same string. */
interface BaseNames {
  readonly read: (bytes: Uint8Array, at: number, end: number) => string;
}

function newBaseNames(): BaseNames {
  const names = new Map<number, string>();
  let lastKey = Number.NaN;
  let last = '';
  return {
    read: (bytes, at, end) => {
      const start = bytes[at + 1] === LETTER_X ? at + 2 : at;
      // Chunks are page aligned: what a double can't hold of an address are zeros.
      let address = 0;
      let stop = start;
      for (; stop < end; stop += 1) {
        const digit = hexDigit(bytes[stop] ?? 0);
        if (digit === -1) break;
        address = address * 16 + digit;
      }
      if (address === lastKey) return last;
      lastKey = address;
      last = names.get(address) ?? text(bytes, start, stop).toLowerCase();
      names.set(address, last);
      return last;
    },
  };
}

function hexDigit(code: number): number {
  if (isDigit(code)) return code - ZERO;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
