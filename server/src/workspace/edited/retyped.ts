import type { SiteFact } from '../../facts/fileFacts';
import { functionPlaces, type FunctionPlace } from '../../facts/functionPlaces';
import { folded, typeMeaning } from '../compare/typeMeaning';
import type { Changes } from './changes';

/** What an edit may have changed of the types in files: all that is not known to be as it was. */
export interface Retyped {
  /** Edited files that may say something else at file scope: types, macros, variables. */
  readonly files: readonly string[];
  /** Whether the function of an edited file that holds these offsets, before and now, says what it said. */
  readonly isSameAround: (file: string, before: number, now: number) => boolean;
  /** Whether what an edited function says elsewhere has nothing to do with a site in it, as it was and as it is. */
  readonly isSameFor: (file: string, before: SiteFact, now: SiteFact) => boolean;
  /** Whether words mean the same in the functions of an edited file that hold these offsets, before and now. */
  readonly meansSame: (file: string, before: number, now: number, words: string) => boolean;
  /** Whether the functions of a name in an edited file say what they said; null: what stands in no function. */
  readonly isSameNamed: (file: string, name: string | null) => boolean;
}

interface Function {
  readonly place: FunctionPlace;
  /** Folded: comments and white space mean nothing to types. */
  readonly text: string;
}

export function retypedBy({ edited, textBefore }: Changes, textOf: (file: string) => string | undefined): Retyped {
  const before = textBefore ?? (() => undefined);
  const functions = new Map<string, readonly [readonly Function[], readonly Function[]]>();
  const functionsOf = (file: string): readonly [readonly Function[], readonly Function[]] => {
    const known = functions.get(file) ?? ([placed(before(file) ?? ''), placed(textOf(file) ?? '')] as const);
    functions.set(file, known);
    return known;
  };
  return {
    files: edited.filter((file) => {
      const [was, is] = [before(file), textOf(file)];
      return was === undefined || is === undefined || typeMeaning(file, was) !== typeMeaning(file, is);
    }),
    isSameAround: (file, then, now) => {
      const [was, is] = functionsOf(file);
      return around(was, then)?.text === around(is, now)?.text;
    },
    isSameFor: (file, then, now) => {
      const [was, is] = functionsOf(file);
      const [before, after] = [around(was, then.span.start), around(is, now.span.start)];
      if (before === undefined || after === undefined || asWritten(then) !== asWritten(now)) return false;
      const changed = changedStatements(before.text, after.text);
      const call = withoutBlanks(`${now.api}(${now.arguments.join()})`);
      return declareNone(changed, `${now.arguments.join()} ${now.assignedTo ?? ''}`) && !changed.some((text) => loopWord.test(text) || withoutBlanks(text).includes(call));
    },
    meansSame: (file, then, now, words) => {
      const [was, is] = functionsOf(file);
      const [before, after] = [around(was, then), around(is, now)];
      return before !== undefined && after !== undefined && declareNone(changedStatements(before.text, after.text), words);
    },
    isSameNamed: (file, name) => {
      const [was, is] = functionsOf(file).map((own) => own.filter(({ place }) => place.name === name).map(({ text }) => text).join('\0'));
      return was === is;
    },
  };
}

function placed(text: string): readonly Function[] {
  return functionPlaces(text).map((place) => ({ place, text: folded(text.slice(place.start, place.end)) }));
}

function asWritten({ api, kind, arguments: given, assignedTo, condition, loop, inMacro }: SiteFact): string {
  return JSON.stringify([api, kind, given, assignedTo, condition, loop, inMacro]);
}

/** Loops, by a keyword or by a macro whose name says so. */
const loopWord = /\b(?:for|while|do)\b|each/;

/** `x = …`, `x->y …`, `f(…)`: declares nothing, unless a macro in capitals does. */
const plainExpression = /^\s*(?!typeof\b|__typeof)[a-z_]\w*\s*(?:[-+.[(|&=]|\*=|\/=)/;

/** In one stretch, outside of which two texts of a function are alike: statements of both. */
function changedStatements(before: string, after: string): readonly string[] {
  const [was, is] = [statements(before), statements(after)];
  const shorter = Math.min(was.length, is.length);
  let first = 0;
  while (first < shorter && was[first] === is[first]) first++;
  let last = 0;
  while (last < shorter - first && was[was.length - 1 - last] === is[is.length - 1 - last]) last++;
  return [...was.slice(first, was.length - last), ...is.slice(first, is.length - last)];
}

/** True for plain statements that declare none of the words: outside of them these mean what they meant. */
function declareNone(changed: readonly string[], words: string): boolean {
  const wanted = new Set(wordsIn(words));
  return changed.every((text) => !/[{}#]/.test(text) && (plainExpression.test(text) || !wordsIn(text).some((word) => wanted.has(word))));
}

/** Words of the language declare nothing by themselves. */
const ofC = /^(?:struct|union|enum|const|volatile|signed|unsigned|char|short|int|long|sizeof|typeof|__percpu)$/;

function wordsIn(text: string): readonly string[] {
  return (text.match(/[A-Za-z_]\w*/g) ?? []).filter((word) => !ofC.test(word));
}

function withoutBlanks(text: string): string {
  return text.replace(/\s+/g, '');
}

/** With what ends each. */
function statements(text: string): readonly string[] {
  return text.split(/(?<=[;{}])/);
}

/** Undefined for what stands in no function. */
function around(functions: readonly Function[], offset: number): Function | undefined {
  return functions.find(({ place }) => place.start <= offset && offset < place.end);
}
