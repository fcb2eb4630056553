import type { AskedNames } from './callGraph';
import type { AskedFunction } from './objects/functionTexts';
import type { Linkage, ObjectSource } from './objects/objectSource';

/** What was asked of texts and configuration, beside facts, for the objects that sites are a part of, with the answers. */
export interface AskedTexts extends AskedOfFiles, AskedNames {
  /** What is defined in the folders where creations are followed into what they call. */
  readonly followable: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, readonly AskedFunction[]>;
}

interface AskedOfFiles {
  /** By file: macros that may be strings, and what they are there. */
  readonly strings: ReadonlyMap<string, ReadonlyMap<string, string | null>>;
  /** By file: bounds of loops, and what they are there. */
  readonly constants: ReadonlyMap<string, ReadonlyMap<string, number | null>>;
  /** What the configuration makes of files. */
  readonly linkages: ReadonlyMap<string, Linkage>;
}

/** With names that were asked for before. */
export function withNames(asked: AskedTexts, { names, called }: AskedNames): AskedTexts {
  return { ...asked, names: new Set([...asked.names, ...names]), called: new Set([...asked.called, ...called]) };
}

/** What another state of a tree answered, and where it still holds. */
export interface EarlierAnswers {
  readonly asked: AskedTexts;
  /** The file has its text still. */
  readonly hasText: (file: string) => boolean;
  /** All that its types are read from means the same to them, and it is built as it was. */
  readonly hasTypes: (file: string) => boolean;
  /** It is built as it was, whatever it says. */
  readonly hasBuild: (file: string) => boolean;
}

/** The same source, with note taken of what it is asked; what another state answered is taken from there. */
export function notingSource(source: ObjectSource, earlier: EarlierAnswers | undefined): { readonly source: ObjectSource; readonly asked: AskedOfFiles } {
  const asked = { strings: new Map<string, Map<string, string | null>>(), constants: new Map<string, Map<string, number | null>>(), linkages: new Map<string, Linkage>() };
  return {
    asked,
    source: {
      ...source,
      stringIn: noted(asked.strings, (file, name) => {
        const before = earlier?.hasText(file) === true ? earlier.asked.strings.get(file)?.get(name) : undefined;
        return before === undefined ? source.stringIn(file, name) : before;
      }),
      constantIn: noted(asked.constants, (file, expression) => {
        const before = earlier?.hasTypes(file) === true ? earlier.asked.constants.get(file)?.get(expression) : undefined;
        return before === undefined ? source.constantIn(file, expression) : before;
      }),
      linkageOf: (file) => {
        const linkage = asked.linkages.get(file) ?? (earlier?.hasBuild(file) === true ? earlier.asked.linkages.get(file) : undefined) ?? source.linkageOf(file);
        asked.linkages.set(file, linkage);
        return linkage;
      },
    },
  };
}

/** The last answer counts: one that was not known yet may be given again. */
function noted<T>(notes: Map<string, Map<string, T>>, answer: (file: string, question: string) => T): (file: string, question: string) => T {
  return (file, question) => {
    const value = answer(file, question);
    const known = notes.get(file) ?? new Map<string, T>();
    notes.set(file, known.set(question, value));
    return value;
  };
}
