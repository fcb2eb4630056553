import { closingBracket, type Token, tokensOf } from '../../facts/cTokens';
import { type Declaration, declarationsOf } from '../../facts/declarations';
import { declarator } from '../../facts/declarators';
import { beginsType } from '../../facts/scalarNames';
import { specifiers } from '../../facts/specifiers';
import { readerOf } from '../../facts/tokenReader';
import type { TypeExpression } from '../../facts/fileFacts';
import { type OutlineItem, outlineOf } from '../../facts/outline';
import { splitAtCommas } from '../expression/parseExpression';
import { configuredTokens } from '../preprocess/configuredTokens';
import type { SourceFile } from '../preprocess/headers';
import { expand } from '../preprocess/macros';
import type { TranslationUnit } from '../preprocess/translationUnit';

/** Declared types of variables, parameters and functions by name. */
export type VariableScope = (name: string) => TypeExpression | undefined;

const declarationItems = new WeakMap<SourceFile, readonly OutlineItem[]>();

function declarationsIn(file: SourceFile): readonly OutlineItem[] {
  let items = declarationItems.get(file);
  if (items === undefined) {
    items = outlineOf(file.text, true).filter(({ kind }) => kind === 'declaration' || kind === 'function');
    declarationItems.set(file, items);
  }
  return items;
}

/** The function whose body holds an offset. */
export function functionAt(file: SourceFile, offset: number): OutlineItem | undefined {
  return file.items.find(({ kind, start, end }) => kind === 'function' && start <= offset && offset < end);
}

/** Variables and functions at file scope of a unit: those of the C file first, then those of its headers. */
export function fileScope(unit: TranslationUnit): VariableScope {
  const known = new Map<string, TypeExpression | undefined>();
  return (name) => {
    if (!known.has(name)) known.set(name, searchFiles(unit, name));
    return known.get(name);
  };
}

function searchFiles(unit: TranslationUnit, name: string): TypeExpression | undefined {
  const own = [...unit.files].filter((file) => file.path === unit.path);
  for (const file of [...own, ...unit.files]) {
    if (!file.mayDeclare(name)) continue;
    const found = searchFile(unit, file, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function searchFile(unit: TranslationUnit, file: SourceFile, name: string): TypeExpression | undefined {
  for (const { kind, start, end, body } of declarationsIn(file)) {
    const stop = kind === 'function' ? body : end;
    const at = file.text.indexOf(name, start);
    if (at === -1) return undefined;
    if (at >= stop) continue;
    const tokens = configuredTokens(unit, file, start, stop, unit.end);
    const found = declarationsOf(readerOf(tokens)).find((declaration) => declaration.name === name && !declaration.isTypedef);
    if (found !== undefined) return found.type;
  }
  return undefined;
}

/** Parameters and local variables of a function as declared before `offset`. */
export function functionScope(unit: TranslationUnit, file: SourceFile, item: OutlineItem, offset: number, isTypeName: (name: string) => boolean): VariableScope {
  const scope = unit.macrosAt(unit.end);
  let parameters: ReadonlyMap<string, TypeExpression> | undefined;
  return (name) => {
    const body = tokensOf(file.text, item.body, offset).filter(({ text }) => text !== '#');
    const local = localDeclaration(body, name, isTypeName, (tokens) => expand(tokens, scope));
    if (local !== undefined) return local;
    parameters ??= parametersOf(configuredTokens(unit, file, item.start, item.body, unit.end), isTypeName);
    return parameters.get(name);
  };
}

/** The innermost declaration of a name before the end of the tokens: the last one whose block is still open. */
function localDeclaration(
  tokens: readonly Token[],
  name: string,
  isTypeName: (name: string) => boolean,
  expanded: (tokens: readonly Token[]) => readonly Token[],
): TypeExpression | undefined {
  const blocks: (TypeExpression | undefined)[] = [undefined];
  for (let at = 0; at < tokens.length; at += 1) {
    const text = tokens[at]?.text ?? '';
    if (text === '{') blocks.push(undefined);
    else if (text === '}' && blocks.length > 1) blocks.pop();
    if (!'{};'.includes(text) && !(text === '(' && tokens[at - 1]?.text === 'for')) continue;
    const next = tokens[at + 1];
    if (next?.kind !== 'identifier') continue;
    const statement = statementAt(tokens, at + 1);
    // Few statements have the name in them and look like a declaration, and to look for a type takes longer.
    if (!statement.some((token) => token.text === name)) continue;
    if (!beginsType(next.text) && !(mayFollowTypeName(tokens, at + 2) && isTypeName(next.text))) continue;
    const found = declarationsOf(readerOf(expanded(statement))).find((each: Declaration) => each.name === name);
    if (found !== undefined) blocks[blocks.length - 1] = found.type;
  }
  return blocks.findLast((type) => type !== undefined);
}

/** A declared name, a qualifier or annotation, a pointer, or that of a function; `=`, `->` and a call's brackets follow no type. */
function mayFollowTypeName(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.kind === 'identifier' || token?.text === '*' || (token?.text === '(' && tokens[at + 1]?.text === '*');
}

function statementAt(tokens: readonly Token[], from: number): readonly Token[] {
  let end = from;
  while (end < tokens.length && tokens[end]?.text !== ';') {
    end = ['(', '[', '{'].includes(tokens[end]?.text ?? '') ? closingBracket(tokens, end) + 1 : end + 1;
  }
  return tokens.slice(from, end + 1);
}

/** Parameters from a function's header: the last parenthesised group that can be read as parameters. */
function parametersOf(header: readonly Token[], isTypeName: (name: string) => boolean): ReadonlyMap<string, TypeExpression> {
  const parameters = new Map<string, TypeExpression>();
  for (let at = 0; at < header.length; at += 1) {
    if (header[at]?.text !== '(') continue;
    const close = closingBracket(header, at);
    for (const group of splitAtCommas(header.slice(at + 1, close))) addParameter(group, isTypeName, parameters);
    at = close;
  }
  return parameters;
}

function addParameter(tokens: readonly Token[], isTypeName: (name: string) => boolean, into: Map<string, TypeExpression>): void {
  const [first] = tokens;
  if (first?.kind !== 'identifier' || !(beginsType(first.text) || isTypeName(first.text))) return;
  const reader = readerOf(tokens);
  const base = specifiers(reader);
  if (base === undefined) return;
  const { name, type } = declarator(reader, base.type);
  if (name === null || into.has(name)) return;
  // An array parameter is a pointer.
  into.set(name, type.kind === 'array' ? { kind: 'pointer', to: type.of } : type);
}
