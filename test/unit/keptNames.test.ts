import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import type { LinkFacts } from '../../server/src/resolve/callGraph';
import { markedNames, type MarkedNames } from '../../server/src/resolve/reach';
import { keptNames } from '../../server/src/workspace/edited/keptNames';
import { namesAfter, NotKept, type LinkedFiles, type NamesBefore } from '../../server/src/workspace/edited/namesAfter';
import { indexAfter, nameIndex } from '../../server/src/workspace/edited/nameIndex';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';

const catalogue = catalogueFor(null);

function factsOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, LinkFacts> {
  return new Map(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)).map(([file, text]) => [file, indexedFacts(fileFacts(text, catalogue))]));
}

const before = {
  'a.c': 'void made(void)\n{\n}\nvoid other(void)\n{\n\tmade();\n}\n',
  'b.c': 'static int probe(void)\n{\n\tmade();\n\tmade();\n\treturn 0;\n}\nstatic struct platform_driver b = { .probe = probe };\nmodule_platform_driver(b);\n',
  'c.c': 'void late(void)\n{\n\tif (x)\n\t\tmade();\n\tfurther();\n}\n',
};
const asked = { names: new Set(['made', 'other', 'probe', 'late']), called: new Set(['made', 'probe']) };

/** Asked for in the rest of the texts, or never. */
const others = ['further', 'never'];

function keptOf(texts: Readonly<Record<string, string>>): NamesBefore {
  return { names: keptNames(asked, markedNames(factsOf(texts))), index: nameIndex(factsOf(texts)) };
}

function linkedIn(texts: Readonly<Record<string, string>>): LinkedFiles {
  const facts = factsOf(texts);
  return { isLinked: (file) => facts.has(file), factsOf: (file) => facts.get(file) };
}

/** What is said of a name, as data. */
function said({ placesOf, definedIn, markersOf, marksIn, isModule }: Omit<MarkedNames, 'isLinked'>, name: string): unknown {
  const { definers = [], calls = [] } = placesOf(name) ?? {};
  const definitions = definers.flatMap((file) => definedIn(file, name).map((one) => ({ ...one, id: 0 })));
  // Calls of what no file defines lead nowhere.
  return { definitions, calls: definers.length === 0 ? [] : calls, marks: markersOf(name).map((file) => [file, marksIn(file, name)]), modules: definers.map(isModule) };
}

describe('names', () => {
  it.each([
    ['nothing', {}],
    ['a call more', { 'a.c': `${before['a.c']}void more(void)\n{\n\tmade();\n}\n` }],
    ['a call less', { 'b.c': before['b.c'].replaceAll('\tmade();\n', '') }],
    ['another definition', { 'c.c': `${before['c.c']}static void made(void)\n{\n}\n` }],
    ['what marks one', { 'b.c': before['b.c'].replace('.probe = probe', '.remove = probe') }],
    ['all of a file but one', { 'a.c': 'void made(void)\n{\n}\n' }],
    ['what defines what is called', { 'c.c': `${before['c.c']}void further(void)\n{\n\tlate();\n}\n` }],
  ])('are where they would be found after an edit of %s, asked for before or not', (_, edit: Readonly<Record<string, string>>) => {
    const kept = structuredClone(keptOf(before));
    const edited = factsOf(edit);
    const now = markedNames(factsOf({ ...before, ...edit }));
    const after = namesAfter(kept, edited, linkedIn({ ...before, ...edit }));
    for (const name of [...asked.names, ...others]) expect(said(after, name), name).toEqual(said(now, name));
  });

  it('say so where nothing was kept of one, or not who calls it, and there is no index', () => {
    const after = namesAfter({ ...keptOf(before), index: null }, new Map(), linkedIn({}));
    expect(() => after.placesOf('never')).toThrow(NotKept);
    expect(() => after.markersOf('never')).toThrow(NotKept);
    expect(() => after.placesOf('other')?.calls).toThrow(NotKept);
  });

  it('are packed again as they are after an edit', () => {
    const edit = { 'a.c': 'void made(void)\n{\n}\n', 'b.c': `${before['b.c']}void further(void)\n{\n\tmade();\n}\n`, 'd.c': 'void never(void)\n{\n\tfurther();\n}\n' };
    const now = markedNames(factsOf({ ...before, ...edit }));
    const after = namesAfter(keptOf(before), factsOf(edit), linkedIn({ ...before, ...edit }));
    const { index } = keptOf(before);
    const again = namesAfter({ names: keptNames(asked, after), index: index === null ? null : indexAfter(index, factsOf(edit)) }, new Map(), linkedIn({ ...before, ...edit }));
    for (const name of [...asked.names, ...others]) expect(said(again, name), name).toEqual(said(now, name));
  });
});
