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
 * Reads TOML past its errors: the line of an error is blanked, or its table where that does not help, and the rest is
 * read again. Blanks keep every offset.
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

function readableSection(text: string, owner: Section, problems: ShapeProblem[]): string {
  const { start, end } = owner;
  let section = text.slice(start, end);
  for (let tries = 0; ; tries++) {
    const parsed = parseToml(section);
    if (parsed.ok) return text.slice(0, start) + section + text.slice(end);
    // One message for each table: what follows an error is often of its making.
    if (tries === 0 && problems.length < mostErrors) problems.push(problemAt(text, start + parsed.at, parsed.message, owner));
    const next = withoutLine(section, parsed.at);
    section = tries > 8 || next === section ? blank(section) : next;
  }
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
