import { type Token, textOf, tokensOf } from '../../facts/cTokens';
import { conditionHolds } from './conditions';
import { folderOf } from '../sourceTree';
import type { SourceFile } from './headers';
import { expand, type Macro, macroOf, type MacroScope } from './macros';
import type { TranslationUnit } from './translationUnit';

interface Level {
  /** This branch is taken. */
  active: boolean;
  /** A branch of this `#if` was taken already. */
  taken: boolean;
  readonly outer: boolean;
}

/** Tokens of a part of a file as the compiler proper sees them: conditionals decided, macros expanded. */
export function configuredTokens(unit: TranslationUnit, file: SourceFile, start: number, end: number, sequence: number): Token[] {
  const walk = walkOf(unit, sequence, true);
  takeActive(walk, file, tokensOf(file.text, start, end), 0);
  flush(walk);
  return walk.result;
}

/** Tokens of a part of a file with conditionals decided and macros left as written. */
export function activeTokensOf(unit: TranslationUnit, file: SourceFile, start: number, end: number, sequence: number): Token[] {
  const walk = walkOf(unit, sequence, false);
  takeActive(walk, file, tokensOf(file.text, start, end), 0);
  flush(walk);
  return walk.result;
}

interface Walk {
  readonly unit: TranslationUnit;
  readonly scope: MacroScope;
  /** Macros defined (or with undefined: undefined) inside the part itself. */
  readonly inner: Map<string, Macro | undefined>;
  readonly expands: boolean;
  /** Tokens taken since macros changed last. */
  pending: Token[];
  readonly result: Token[];
}

function walkOf(unit: TranslationUnit, sequence: number, expands: boolean): Walk {
  const outer = unit.macrosAt(sequence);
  const inner = new Map<string, Macro | undefined>();
  const scope: MacroScope = { macro: (name) => (inner.has(name) ? inner.get(name) : outer.macro(name)) };
  return { unit, scope, inner, expands, pending: [], result: [] };
}

function flush(walk: Walk): void {
  const tokens = walk.expands ? expand(walk.pending, walk.scope) : walk.pending;
  for (const token of tokens) walk.result.push(token);
  walk.pending = [];
}

/** Takes the tokens that stand in active branches. */
function takeActive(walk: Walk, file: SourceFile, tokens: readonly Token[], depth: number): void {
  const levels: Level[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const active = levels[levels.length - 1]?.active ?? true;
    if (token.text !== '#' || !token.first) {
      if (active) walk.pending.push(token);
      continue;
    }
    let lineEnd = at + 1;
    while (lineEnd < tokens.length && tokens[lineEnd]?.first !== true) lineEnd += 1;
    const word = tokens[at + 1]?.text ?? '';
    const rest = tokens.slice(at + 2, lineEnd);
    if (active && (word === 'define' || word === 'undef')) changeMacro(walk, file, word, rest);
    else if (active && word === 'include' && depth < 10) takeIncluded(walk, file, rest, depth);
    else decide(levels, word, rest, walk.scope);
    at = lineEnd - 1;
  }
}

function changeMacro(walk: Walk, file: SourceFile, word: 'define' | 'undef', rest: readonly Token[]): void {
  const [name] = rest;
  const last = rest[rest.length - 1];
  if (name === undefined || last === undefined) return;
  flush(walk);
  const body = name.start + name.text.length;
  const item = { name: name.text, body, end: last.start + last.text.length };
  walk.inner.set(name.text, word === 'undef' ? undefined : macroOf(file.text, item));
}

function decide(levels: Level[], word: string, rest: readonly Token[], scope: MacroScope): void {
  const top = levels[levels.length - 1];
  const holds = (): boolean => {
    if (word === 'ifdef') return scope.macro(rest[0]?.text ?? '') !== undefined;
    if (word === 'ifndef') return scope.macro(rest[0]?.text ?? '') === undefined;
    return word === 'else' || conditionHolds(textOf(rest), scope);
  };
  if (word === 'if' || word === 'ifdef' || word === 'ifndef') {
    const outer = top?.active ?? true;
    const active = outer && holds();
    levels.push({ active, taken: active, outer });
  } else if ((word === 'elif' || word === 'else') && top !== undefined) {
    top.active = top.outer && !top.taken && holds();
    top.taken ||= top.active;
  } else if (word === 'endif') levels.pop();
}

/** A list kept in a file of its own and included inside a definition. */
function takeIncluded(walk: Walk, file: SourceFile, target: readonly Token[], depth: number): void {
  const written = /^(?:"([^"]+)"|<([^>]+)>)/.exec(target.map((token) => token.text).join(''));
  if (written === null) return;
  const { headers, extraFolders } = walk.unit;
  const found = headers.include(written[1] ?? written[2] ?? '', written[1] !== undefined, folderOf(file.path), extraFolders);
  if (found !== undefined) takeActive(walk, found, tokensOf(found.text), depth + 1);
}
