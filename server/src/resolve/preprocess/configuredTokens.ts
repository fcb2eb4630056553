import { type Token, textOf, tokensOf } from '../../facts/cTokens';
import { conditionHolds } from './conditions';
import { folderOf, type SourceFile } from './headers';
import { expand, type MacroScope } from './macros';
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
  const scope = unit.macrosAt(sequence);
  return expand(activeTokens(unit, file, tokensOf(file.text, start, end), scope, 0), scope);
}

/** Tokens of a part of a file with conditionals decided and macros left as written. */
export function activeTokensOf(unit: TranslationUnit, file: SourceFile, start: number, end: number, sequence: number): Token[] {
  return activeTokens(unit, file, tokensOf(file.text, start, end), unit.macrosAt(sequence), 0);
}

function activeTokens(unit: TranslationUnit, file: SourceFile, tokens: readonly Token[], scope: MacroScope, depth: number): Token[] {
  const result: Token[] = [];
  const levels: Level[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const active = levels[levels.length - 1]?.active ?? true;
    if (token.text !== '#' || !token.first) {
      if (active) result.push(token);
      continue;
    }
    let lineEnd = at + 1;
    while (lineEnd < tokens.length && tokens[lineEnd]?.first !== true) lineEnd += 1;
    const word = tokens[at + 1]?.text ?? '';
    const rest = tokens.slice(at + 2, lineEnd);
    if (word === 'include' && active && depth < 10) result.push(...includedTokens(unit, file, rest, scope, depth));
    else decide(levels, word, rest, scope);
    at = lineEnd - 1;
  }
  return result;
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
function includedTokens(unit: TranslationUnit, file: SourceFile, target: readonly Token[], scope: MacroScope, depth: number): Token[] {
  const written = /^(?:"([^"]+)"|<([^>]+)>)/.exec(target.map((token) => token.text).join(''));
  if (written === null) return [];
  const found = unit.headers.include(written[1] ?? written[2] ?? '', written[1] !== undefined, folderOf(file.path), unit.extraFolders);
  return found === undefined ? [] : activeTokens(unit, found, tokensOf(found.text), scope, depth + 1);
}
