import { functionPlaces, type FunctionPlace } from '../../facts/functionPlaces';
import { folded, typeMeaning } from '../compare/typeMeaning';
import type { Changes } from './changes';

/** What an edit may have changed of the types in files: all that is not known to be as it was. */
export interface Retyped {
  /** Edited files that may say something else at file scope: types, macros, variables. */
  readonly files: readonly string[];
  /** Whether the function of an edited file that holds these offsets, before and now, says what it said. */
  readonly isSameAround: (file: string, before: number, now: number) => boolean;
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
    isSameNamed: (file, name) => {
      const [was, is] = functionsOf(file).map((own) => own.filter(({ place }) => place.name === name).map(({ text }) => text).join('\0'));
      return was === is;
    },
  };
}

function placed(text: string): readonly Function[] {
  return functionPlaces(text).map((place) => ({ place, text: folded(text.slice(place.start, place.end)) }));
}

/** Undefined for what stands in no function. */
function around(functions: readonly Function[], offset: number): Function | undefined {
  return functions.find(({ place }) => place.start <= offset && offset < place.end);
}
