import type { SiteFact } from '../../facts/fileFacts';
import { functionPlaces, type FunctionPlace } from '../../facts/functionPlaces';
import type { LinkFunction } from '../../resolve/callGraph';
import { boundsSource } from '../../resolve/unitReads';
import { cached } from '../../util/cached';
import { folded, meansSameToTypes } from '../compare/typeMeaning';
import type { IndexedFacts } from '../factsMessages';
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
  /** The functions of a file as they are now. */
  readonly placesIn: (file: string) => readonly FunctionPlace[];
}

interface Function {
  readonly place: FunctionPlace;
  /** Folded: comments and white space mean nothing to types. */
  readonly text: string;
}

/** What is known of an edited file where its text before is not at hand: before and now, or nothing. */
export interface SaidBefore {
  /** Digests of what it says outside of functions; null where that is not known. */
  readonly outsideOf: (file: string) => readonly (string | null)[];
  readonly functionsOf: (file: string) => readonly IndexedFacts[];
}

/** By the texts before and now, and where there is none of before by the digests in its facts. */
export function retypedBy({ edited, textBefore }: Changes, textOf: (file: string) => string | undefined, said: SaidBefore): Retyped {
  const isIn = cached((file: string) => placed(textOf(file) ?? ''));
  const placesIn = (file: string): readonly FunctionPlace[] => isIn(file).map(({ place }) => place);
  return textBefore === undefined ? { ...bySaid(edited, said), placesIn } : { ...byText(edited, textBefore, textOf, isIn), placesIn };
}

/** What is kept of texts tells whether functions with sites, and all that stands outside of functions, say what they said. */
function bySaid(edited: readonly string[], said: SaidBefore): Omit<Retyped, 'placesIn'> {
  const functionsOf = cached((file: string) => said.functionsOf(file).map(saidFunctions));
  const isSameOutside = cached((file: string): boolean => {
    const [was = null, is] = said.outsideOf(file);
    // Of that one, what its functions say makes a header.
    return file !== boundsSource && was !== null && was === is;
  });
  return {
    files: edited.filter((file) => !isSameOutside(file)),
    isSameAround: (file, then, now) => {
      const [was = [], is = []] = functionsOf(file);
      const [before, after] = [was.find(({ start, end }) => start <= then && then < end), is.find(({ start, end }) => start <= now && now < end)];
      return before === undefined && after === undefined ? isSameOutside(file) : before?.said !== undefined && before.said === after?.said;
    },
    isSameFor: () => false,
    meansSame: () => false,
    isSameNamed: (file, name) => {
      const [was = [], is = []] = functionsOf(file).map((own) => own.filter((one) => one.name === name));
      return was.length > 0 && was.length === is.length && was.every((one, at) => one.said !== undefined && one.said === is[at]?.said);
    },
  };
}

interface SaidFunction extends Pick<LinkFunction, 'name' | 'start' | 'end'> {
  /** Undefined for a function without a site. */
  readonly said: string | undefined;
}

function saidFunctions({ functions, said }: IndexedFacts): readonly SaidFunction[] {
  const digests = new Map<number, string>();
  // Each branch of an `#if` that ends a function is one, from the same start.
  for (const { start, digest } of said?.functions ?? []) digests.set(start, `${digests.get(start) ?? ''}${digest}`);
  return functions.map(({ name, start, end, condition }) => {
    const digest = digests.get(start);
    return { name, start, end, said: digest === undefined ? undefined : `${digest} ${condition ?? ''}` };
  });
}

function byText(edited: readonly string[], before: (file: string) => string | undefined, textOf: (file: string) => string | undefined, isIn: (file: string) => readonly Function[]): Omit<Retyped, 'placesIn'> {
  const wasIn = cached((file: string) => placed(before(file) ?? ''));
  return {
    files: edited.filter((file) => {
      const [was, is] = [before(file), textOf(file)];
      return was === undefined || is === undefined || !meansSameToTypes(file, was, is, () => wasIn(file).map(({ place }) => place));
    }),
    isSameAround: (file, then, now) => {
      return around(wasIn(file), then)?.text === around(isIn(file), now)?.text;
    },
    isSameFor: (file, then, now) => {
      const [before, after] = [around(wasIn(file), then.span.start), around(isIn(file), now.span.start)];
      if (before === undefined || after === undefined || asWritten(then) !== asWritten(now)) return false;
      const call = withoutBlanks(`${now.api}(${now.arguments.join()})`);
      const changed = changedStatements(before.text, after.text);
      if (changed === null || changed.some((text) => loopWord.test(text) || withoutBlanks(text).includes(call) || assignsOne(text, now.arguments))) return false;
      return declareNone(changed, wordsMeant(`${now.arguments.join()} ${now.assignedTo ?? ''}`, after.text));
    },
    meansSame: (file, then, now, words) => {
      const [before, after] = [around(wasIn(file), then), around(isIn(file), now)];
      const changed = before === undefined || after === undefined ? null : changedStatements(before.text, after.text);
      return changed !== null && declareNone(changed, wordsMeant(words, after?.text ?? ''));
    },
    isSameNamed: (file, name) => {
      const [was, is] = [wasIn(file), isIn(file)].map((own) => JSON.stringify(own.filter(({ place }) => place.name === name).map(({ text, place }) => [text, place.condition])));
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

/** `x = …`, `x->y …`, `f(…)`: declares nothing, unless a macro in capitals does; `long (*x)[4];` does. */
const plainExpression = /^\s*(?!(?:typeof|__typeof|void|bool|char|short|int|long|float|double|signed|unsigned)\b|__typeof|\w+\s*\(\s*\*)[a-z_]\w*\s*(?:[-+.[(|&=]|\*=|\/=)/;

/** In one stretch, outside of which two texts of a function are alike: statements of both; null where it begins or ends inside a statement, as of a loop's head. */
function changedStatements(before: string, after: string): readonly string[] | null {
  const [was, is] = [statements(before), statements(after)];
  const shorter = Math.min(was.length, is.length);
  let first = 0;
  while (first < shorter && was[first] === is[first]) first++;
  let last = 0;
  while (last < shorter - first && was[was.length - 1 - last] === is[is.length - 1 - last]) last++;
  const [one, other] = [was.slice(first, was.length - last), is.slice(first, is.length - last)];
  return [was.slice(0, first), one, other].every((some) => isBalanced(some.join(''))) ? [...one, ...other] : null;
}

function isBalanced(text: string): boolean {
  return text.split('(').length === text.split(')').length;
}

/** True for plain statements that declare none of the words: outside of them these mean what they meant. */
function declareNone(changed: readonly string[], wanted: ReadonlySet<string>): boolean {
  return changed.every((text) => !/[{}#]/.test(text) && (plainExpression.test(text) || !wordsIn(text).some((word) => wanted.has(word))));
}

/** A variable that is an argument itself may be sized by what it is set to. */
function assignsOne(text: string, given: readonly string[]): boolean {
  const name = /^\s*([A-Za-z_]\w*)\s*[-+*/|&^%<>]*=(?!=)/.exec(text)?.[1];
  return name !== undefined && given.some((argument) => argument.trim() === name);
}

/** The words, and those that they are declared by: `typeof(y) x;`. */
function wordsMeant(words: string, text: string): ReadonlySet<string> {
  const meant = new Set(wordsIn(words));
  const declared = statements(text).filter((statement) => /^\s*(?:(?:static|const)\s+)*(?:typeof|__typeof__|__auto_type)\b/.test(statement)).map(wordsIn);
  for (let before = -1; before < meant.size;) {
    before = meant.size;
    for (const own of declared) if (own.some((word) => meant.has(word))) own.forEach((word) => meant.add(word));
  }
  return meant;
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
