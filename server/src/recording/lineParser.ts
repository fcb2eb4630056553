import { GRANULE } from '../allocator/chunk';
import { kindByFunction, kindByName, type EventKind, type TraceEvent } from './traceEvent';

/**
 * Reads event lines of ftrace (`trace`, `trace_pipe`), `trace-cmd report` and `perf script`: all have
 * `task-pid [cpu] flags? timestamp: event: fields`, in their own spacing.
 */
export interface LineParser {
  /** Reads the line `[start, end)` of the text into `event`; false when it is no event line. */
  readonly parse: (text: string, start: number, end: number, event: TraceEvent) => boolean;
}

const SPACE = 32;
const OPEN_PARENTHESIS = 40;
const CLOSE_PARENTHESIS = 41;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_BRACKET = 91;

export function newLineParser(): LineParser {
  const bases = newBaseNames();
  return { parse: (text, start, end, event) => parseLine(text, start, end, event, bases) };
}

function parseLine(text: string, start: number, end: number, event: TraceEvent, bases: BaseNames): boolean {
  const bracket = findCpu(text, start, end);
  if (bracket === -1) return false;
  const cpuStart = text.lastIndexOf('[', bracket);
  event.cpu = readNumber(text, cpuStart + 1);
  readTask(text, start, cpuStart, event);
  let at = skipSpaces(text, bracket + 1, end);
  event.interrupt = false;
  if (!isDigit(text.charCodeAt(at))) {
    const flagsEnd = text.indexOf(' ', at);
    event.interrupt = hasInterruptFlag(text, at, flagsEnd);
    at = skipSpaces(text, flagsEnd, end);
  }
  const colon = text.indexOf(':', at);
  if (colon === -1 || colon >= end) return false;
  event.timestamp = readTimestamp(text, at, colon);
  if (Number.isNaN(event.timestamp)) return false;
  const nameStart = skipSpaces(text, colon + 1, end);
  const nameEnd = endOfName(text, nameStart, end);
  const name = lastSegment(text, nameStart, nameEnd);
  const fields = nameEnd + 1;
  event.kind = kindByName.get(name) ?? kindByProbe(text, fields, end);
  if (event.kind !== 'other') readFields(text, fields, end, event, bases);
  return true;
}

/** Position of the `]` behind the CPU number, or -1. Task names may hold brackets and spaces too. */
function findCpu(text: string, start: number, end: number): number {
  for (let at = text.indexOf('] ', start); at !== -1 && at < end; at = text.indexOf('] ', at + 1)) {
    let digit = at - 1;
    while (digit > start && isDigit(text.charCodeAt(digit))) digit -= 1;
    if (digit < at - 1 && text.charCodeAt(digit) === OPEN_BRACKET) return at;
  }
  return -1;
}

/** Reads the thread id before the CPU: `comm-12 `, `comm-12 ( 7) ` or, for perf, `comm 12 ` and `comm 7/12 `. */
function readTask(text: string, start: number, cpuStart: number, event: TraceEvent): void {
  let end = skipSpacesBack(text, cpuStart, start);
  if (text.charCodeAt(end - 1) === CLOSE_PARENTHESIS) {
    while (end > start && text.charCodeAt(end - 1) !== OPEN_PARENTHESIS) end -= 1;
    end = skipSpacesBack(text, end - 1, start);
  }
  let at = end;
  while (at > start && isDigit(text.charCodeAt(at - 1))) at -= 1;
  const id = readNumber(text, at);
  event.task = id === 0 ? -1 - event.cpu : id;
  const name = skipSpaces(text, start, cpuStart);
  event.isKworker = text.startsWith('kworker/', name);
}

/** Third flag of the latency format: `h`, `s`, `H`, `z`, `Z` in (soft)interrupts or NMIs. */
function hasInterruptFlag(text: string, at: number, end: number): boolean {
  if (end - at < 4) return false;
  const flag = text[at + 2];
  return flag === 's' || flag === 'h' || flag === 'H' || flag === 'z' || flag === 'Z';
}

/** Whole numbers and decimals without loss, as Number() would read them; NaN for anything else. */
function readTimestamp(text: string, from: number, to: number): number {
  let digits = 0;
  let decimals = 0;
  let seenDot = false;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT && !seenDot) seenDot = true;
    else if (!isDigit(code)) return Number.NaN;
    else {
      digits = digits * 10 + code - ZERO;
      if (seenDot) decimals += 1;
    }
  }
  if (to === from) return Number.NaN;
  return decimals === 0 ? digits : digits / 10 ** decimals;
}

function endOfName(text: string, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === SPACE) return at - 1;
    at += 1;
  }
  return end - 1;
}

/** `percpu:percpu_free_percpu:` is perf's way of naming it. */
function lastSegment(text: string, from: number, nameEnd: number): string {
  const end = text.charCodeAt(nameEnd) === COLON ? nameEnd : nameEnd + 1;
  const colon = text.lastIndexOf(':', end - 1);
  return text.slice(colon >= from ? colon + 1 : from, end);
}

/** `(pcpu_alloc_area+0x0/0x280) …` for a probe with a name of the user's; returns have an arrow and don't count. */
function kindByProbe(text: string, fields: number, end: number): EventKind {
  const open = skipSpaces(text, fields, end);
  if (text.charCodeAt(open) !== OPEN_PARENTHESIS) return 'other';
  const close = text.indexOf(')', open);
  if (close === -1 || close >= end) return 'other';
  const place = text.slice(open + 1, close);
  const [symbol = ''] = place.split(/[+ ]/, 1);
  if (!place.includes('<-')) return kindByFunction.get(symbol) ?? 'other';
  if (place.endsWith('pcpu_balance_workfn')) return 'probe-balance-return';
  return place.endsWith('pcpu_balance_free') ? 'probe-trim-return' : 'other';
}

function readFields(text: string, from: number, end: number, event: TraceEvent, bases: BaseNames): void {
  switch (event.kind) {
    case 'alloc':
      event.reserved = flag(text, from, end, ' reserved=');
      event.atomic = flag(text, from, end, ' is_atomic=');
      event.size = number(text, from, end, ' size=');
      event.align = number(text, from, end, ' align=');
      event.base = bases.read(text, valueAt(text, from, end, ' base_addr='), end);
      event.offset = number(text, from, end, ' off=');
      return;
    case 'alloc-failed':
      event.reserved = flag(text, from, end, 'reserved=');
      event.atomic = flag(text, from, end, ' is_atomic=');
      event.size = number(text, from, end, ' size=');
      event.align = number(text, from, end, ' align=');
      return;
    case 'free':
      event.base = bases.read(text, valueAt(text, from, end, 'base_addr='), end);
      event.offset = number(text, from, end, ' off=');
      return;
    case 'create':
    case 'destroy':
      event.base = bases.read(text, valueAt(text, from, end, 'base_addr='), end);
      return;
    case 'probe-fit':
      event.size = number(text, from, end, ' bits=') * GRANULE;
      event.align = number(text, from, end, ' align=') * GRANULE;
      event.atomic = flag(text, from, end, ' pop_only=');
      return;
    case 'probe-area':
      event.size = number(text, from, end, ' bits=') * GRANULE;
      event.align = number(text, from, end, ' align=') * GRANULE;
      event.base = bases.read(text, valueAt(text, from, end, ' base='), end);
      return;
    case 'probe-free':
      event.base = bases.read(text, valueAt(text, from, end, ' base='), end);
      event.offset = number(text, from, end, ' off=');
      return;
    case 'probe-relocate':
      event.fresh = text.charCodeAt(valueAt(text, from, end, ' oslot=')) === DASH;
      return;
    case 'probe-populated':
    case 'probe-depopulated':
      event.base = bases.read(text, valueAt(text, from, end, ' base='), end);
      event.start = number(text, from, end, ' s=');
      event.end = number(text, from, end, ' e=');
      return;
    case 'probe-trim':
      event.emptyOnly = flag(text, from, end, ' empty_only=');
      return;
    case 'probe-balance':
    case 'probe-balance-return':
    case 'probe-trim-return':
    case 'mark':
    case 'other':
      return;
  }
}

/** Position of a field's value, or `end` where the line has no such field. */
function valueAt(text: string, from: number, end: number, key: string): number {
  const at = text.indexOf(key, from - 1);
  return at === -1 || at >= end ? end : at + key.length;
}

function number(text: string, from: number, end: number, key: string): number {
  const at = valueAt(text, from, end, key);
  if (text.charCodeAt(at) === DASH) return -readNumber(text, at + 1);
  return text.startsWith('0x', at) ? Number.parseInt(text.slice(at, at + 18), 16) : readNumber(text, at);
}

function flag(text: string, from: number, end: number, key: string): boolean {
  const code = text.charCodeAt(valueAt(text, from, end, key));
  return code === ZERO + 1;
}

function readNumber(text: string, from: number): number {
  let value = 0;
  for (let at = from; ; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return value;
    value = value * 10 + code - ZERO;
  }
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function skipSpaces(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text.charCodeAt(at) === SPACE) at += 1;
  return at;
}

function skipSpacesBack(text: string, from: number, start: number): number {
  let at = from;
  while (at > start && text.charCodeAt(at - 1) === SPACE) at -= 1;
  return at;
}

/** Keeps one string for each chunk address, so that equal addresses are mostly the same string. */
interface BaseNames {
  readonly read: (text: string, at: number, end: number) => string;
}

function newBaseNames(): BaseNames {
  let last = '\0';
  const names = new Map<string, string>();
  return {
    read: (text, at, end) => {
      const start = text.startsWith('0x', at) ? at + 2 : at;
      if (text.startsWith(last, start) && !isHex(text.charCodeAt(start + last.length))) return last;
      let stop = start;
      while (stop < end && isHex(text.charCodeAt(stop))) stop += 1;
      // A copy, lest the name keeps the whole block of text alive.
      const name = Buffer.from(text.slice(start, stop), 'latin1').toString('latin1').toLowerCase();
      const known = names.get(name);
      if (known === undefined) names.set(name, name);
      last = known ?? name;
      return last;
    },
  };
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
}
