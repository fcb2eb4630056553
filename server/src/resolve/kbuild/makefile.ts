/** Variables of a Kbuild file under a configuration, unexpanded words joined by spaces. */
export type MakeVariables = Map<string, string>;

interface Level {
  active: boolean;
  taken: boolean;
  readonly outer: boolean;
}

/** Reads the assignments of a Makefile as far as Kbuild files need: conditionals, `+=` and the common functions. */
export function makeVariables(text: string, given: (name: string) => string | undefined): MakeVariables {
  const variables: MakeVariables = new Map();
  const lookup = (name: string): string => variables.get(name) ?? given(name) ?? '';
  const levels: Level[] = [];
  for (const line of logicalLines(text)) {
    if (conditional(line, levels, lookup) || levels.some((level) => !level.active)) continue;
    assign(line, variables, lookup);
  }
  return variables;
}

function logicalLines(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd())
    .filter((line) => line !== '' && !line.startsWith('\t@') && !line.startsWith('\t$('));
}

type Lookup = (name: string) => string;

function conditional(line: string, levels: Level[], lookup: Lookup): boolean {
  const match = /^\s*(else\s+)?(ifn?eq|ifn?def|else|endif)\b\s*(.*)$/.exec(line);
  if (match === null) return false;
  const [, chained, word = '', rest = ''] = match;
  const top = levels[levels.length - 1];
  if (word === 'endif') levels.pop();
  else if (chained !== undefined || word === 'else') {
    if (top === undefined) return true;
    top.active = top.outer && !top.taken && (word === 'else' || holds(word, rest, lookup));
    top.taken ||= top.active;
  } else {
    const outer = levels.every((level) => level.active);
    const active = outer && holds(word, rest, lookup);
    levels.push({ active, taken: active, outer });
  }
  return true;
}

function holds(word: string, rest: string, lookup: Lookup): boolean {
  if (word === 'ifdef' || word === 'ifndef') return (lookup(rest.trim()) !== '') === (word === 'ifdef');
  const sides = /^\((.*)\)\s*$/.exec(rest)?.[1] ?? rest.replace(/^\s*["'](.*?)["']\s+["'](.*?)["']\s*$/, '$1,$2');
  const comma = topLevelComma(sides, 0);
  const equal = expandWords(sides.slice(0, comma), lookup).trim() === expandWords(sides.slice(comma + 1), lookup).trim();
  return equal === (word === 'ifeq');
}

function assign(line: string, variables: MakeVariables, lookup: Lookup): void {
  const match = /^\s*(?:export\s+|override\s+)?([^\s:#=+?]+(?:\([^)]*\)[^\s:#=+?]*)?)\s*(\+=|:=|::=|\?=|=)\s*(.*)$/.exec(line);
  if (match === null) return;
  const [, written = '', operator, value = ''] = match;
  const name = expandWords(written, lookup);
  const expanded = expandWords(value, lookup);
  const before = variables.get(name);
  if (operator === '?=' && before !== undefined) return;
  variables.set(name, operator === '+=' && before !== undefined ? `${before} ${expanded}` : expanded);
}

/** Index of the next comma outside parentheses; the length where there is none. */
function topLevelComma(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '(' || character === '{') depth += 1;
    else if (character === ')' || character === '}') depth -= 1;
    else if (character === ',' && depth === 0) return at;
  }
  return text.length;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const character = text[at];
    if (character === '(' || character === '{') depth += 1;
    else if (character === ')' || character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}

/** Expands `$(name)` and the functions that Kbuild files use to list objects. */
export function expandWords(text: string, lookup: Lookup): string {
  let result = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '$') {
      result += text[at] ?? '';
      continue;
    }
    if (text[at + 1] !== '(' && text[at + 1] !== '{') {
      at += 1;
      continue;
    }
    const close = closing(text, at + 1);
    result += reference(text.slice(at + 2, close), lookup);
    at = close;
  }
  return result;
}

function reference(inside: string, lookup: Lookup): string {
  const call = /^([\w-]+)\s+([^]*)$/.exec(inside);
  if (call === null) return substituted(inside, lookup);
  const values: string[] = [];
  const rest = call[2] ?? '';
  for (let from = 0; from <= rest.length; ) {
    const comma = topLevelComma(rest, from);
    values.push(expandWords(rest.slice(from, comma), lookup));
    from = comma + 1;
  }
  return called(call[1] ?? '', values);
}

/** `$(name)` or `$(name:.o=.c)`. */
function substituted(inside: string, lookup: Lookup): string {
  const name = expandWords(inside, lookup);
  const suffix = /^([^:]+):([^=]*)=(.*)$/.exec(name);
  if (suffix === null) return lookup(name);
  const [, variable = '', from = '', to = ''] = suffix;
  return wordsOf(lookup(variable)).map((word) => (word.endsWith(from) ? word.slice(0, word.length - from.length) + to : word)).join(' ');
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function patternMatch(pattern: string, word: string): string | undefined {
  const percent = pattern.indexOf('%');
  if (percent === -1) return pattern === word ? '' : undefined;
  const [head, tail] = [pattern.slice(0, percent), pattern.slice(percent + 1)];
  const fits = word.length >= head.length + tail.length && word.startsWith(head) && word.endsWith(tail);
  return fits ? word.slice(head.length, word.length - tail.length) : undefined;
}

function called(name: string, [first = '', second = '', third = '']: readonly string[]): string {
  const matches = (word: string): boolean => wordsOf(first).some((pattern) => patternMatch(pattern, word) !== undefined);
  switch (name) {
    case 'subst':
      return first === '' ? third : third.replaceAll(first, second);
    case 'addprefix':
      return wordsOf(second).map((word) => first + word).join(' ');
    case 'addsuffix':
      return wordsOf(second).map((word) => word + first).join(' ');
    case 'patsubst':
      return wordsOf(third).map((word) => replaced(word, first, second)).join(' ');
    case 'filter':
      return wordsOf(second).filter(matches).join(' ');
    case 'filter-out':
      return wordsOf(second).filter((word) => !matches(word)).join(' ');
    case 'if':
      return first.trim() === '' ? third : second;
    case 'or':
      return [first, second, third].find((value) => value.trim() !== '') ?? '';
    case 'and':
      return first.trim() !== '' && second.trim() !== '' ? second : '';
    case 'strip':
      return first.trim();
    default:
      return '';
  }
}

function replaced(word: string, pattern: string, replacement: string): string {
  const stem = patternMatch(pattern, word);
  return stem === undefined ? word : replacement.replace('%', stem);
}
