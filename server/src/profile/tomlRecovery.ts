import type { Located } from '../util/located';
import type { ShapeProblem } from '../util/shape';
import { parseToml } from './tomlTree';

export interface RecoveredToml {
  readonly root: Located;
  readonly problems: readonly ShapeProblem[];
}

/** More errors than this in one file are not looked for. */
const mostErrors = 50;

/** A header of a table stands alone on its line. */
const header = /^[ \t]*\[[^\n]*\][ \t]*(#[^\n]*)?\r?$/gm;

/**
 * Reads TOML past its errors: each statement is read by itself, those that are none are blanked, and the rest is read
 * together. Blanks keep every offset.
 */
export function recoverToml(text: string): RecoveredToml {
  const whole = parseToml(text);
  if (whole.ok) return { root: whole.root, problems: [] };
  const problems: ShapeProblem[] = [];
  const sections = sectionsOf(text);
  let readable = sections.reduce((rest, section) => readableSection(rest, section, problems), text);
  for (let tries = 0; tries < mostErrors; tries++) {
    const parsed = parseToml(readable);
    if (parsed.ok) return { root: parsed.root, problems };
    // Tables are fine each by itself: what is left is a name that is given twice.
    problems.push(problemAt(text, parsed.at, parsed.message, sections.findLast(({ start }) => start <= parsed.at)));
    readable = withoutLine(readable, parsed.at);
  }
  return { root: { kind: 'table', span: { start: 0, end: text.length }, entries: [] }, problems: problems.slice(0, mostErrors) };
}

interface Section {
  readonly start: number;
  readonly end: number;
}

function sectionsOf(text: string): Section[] {
  const starts = [0, ...[...text.matchAll(header)].map(({ index }) => index)];
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length })).filter(({ start, end }) => start < end);
}

/** Lines that one value may go over: a list of areas or phases. */
const longestStatement = 40;

/** The section without the statements that are none; each run of them is one problem. */
function readableSection(text: string, owner: Section, problems: ShapeProblem[]): string {
  const { start, end } = owner;
  const lines = text.slice(start, end).split(/(?<=\n)/);
  const first = start === 0 ? '' : (lines[0] ?? '');
  const head = parseToml(first).ok ? first : '';
  const kept: string[] = [];
  let broken = 0;
  let afterBroken = false;
  for (let index = 0, at = start; index < lines.length; ) {
    const length = statementLength(head, lines, index, broken < mostErrors);
    const statement = lines.slice(index, index + Math.max(length, 1)).join('');
    if (length === 0 && !afterBroken && problems.length < mostErrors) problems.push(problemIn(text, head, statement, at, owner));
    if (length === 0) broken++;
    afterBroken = length === 0;
    kept.push(length === 0 ? blank(statement) : statement);
    index += Math.max(length, 1);
    at += statement.length;
  }
  return text.slice(0, start) + kept.join('') + text.slice(end);
}

/** Lines of the statement that begins there; 0 where none does. */
function statementLength(head: string, lines: readonly string[], index: number, mayBeLong: boolean): number {
  const context = index === 0 ? '' : head;
  for (let length = 1; length <= (mayBeLong ? longestStatement : 1) && index + length <= lines.length; length++) {
    if (parseToml(context + lines.slice(index, index + length).join('')).ok) return length;
  }
  return 0;
}

function problemIn(text: string, head: string, line: string, at: number, owner: Section): ShapeProblem {
  const context = at === owner.start ? '' : head;
  const parsed = parseToml(context + line);
  const within = parsed.ok ? 0 : Math.min(Math.max(0, parsed.at - context.length), Math.max(0, line.trimEnd().length));
  return problemAt(text, at + within, parsed.ok ? 'Unexpected text' : parsed.message, owner);
}

function withoutLine(text: string, at: number): string {
  const start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  const newline = text.indexOf('\n', start);
  const end = newline === -1 ? text.length : newline;
  return text.slice(0, start) + blank(text.slice(start, end)) + text.slice(end);
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function problemAt(text: string, at: number, message: string, section: Section | undefined): ShapeProblem {
  const lineEnd = text.indexOf('\n', at);
  const end = Math.max(at, lineEnd === -1 ? text.length : lineEnd);
  return { message: `Not TOML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`, span: { start: Math.min(at, Math.max(0, text.length - 1)), end }, path: section === undefined ? [] : pathOf(text, section) };
}

/** The table that the error is in; what stands before all tables is the choice of a machine. */
function pathOf(text: string, { start, end }: Section): string[] {
  const name = /^[ \t]*\[{1,2}([^\]\n]*)\]/.exec(text.slice(start, end))?.[1];
  return name === undefined ? ['machine'] : name.split('.').map((part) => part.trim().replace(/^["']|["']$/g, ''));
}
