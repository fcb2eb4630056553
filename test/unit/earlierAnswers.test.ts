import { expect, it } from 'vitest';
import { notingSource, type AskedTexts, type EarlierAnswers } from '../../server/src/resolve/askedTexts';
import type { Definition, LinkFunction } from '../../server/src/resolve/callGraph';
import { functionTexts } from '../../server/src/resolve/objects/functionTexts';
import { noSource, type ObjectSource } from '../../server/src/resolve/objects/objectSource';
import { placeOf } from '../../server/src/resolve/treeParts';

const text = 'int make(struct m *m)\n{\n\tif (m->on)\n\t\tfill(m);\n\tdrain(m);\n\tm->kind = SMALL;\n\treturn 0;\n}\n';
const fact: LinkFunction = { name: 'make', isStatic: false, annotations: [], condition: null, start: 0, end: text.length - 1, parameters: ['m'] };
const make: Definition = { id: 0, file: 'kernel/m.c', place: placeOf('kernel/m.c'), name: 'make', ordinal: 0, isMacro: false, isStatic: false, annotations: [] };

interface Counted {
  readonly source: ObjectSource;
  readonly read: string[];
}

function counted(): Counted {
  const read: string[] = [];
  const source: ObjectSource = {
    ...noSource,
    textOf: (file) => {
      read.push(file);
      return text;
    },
    stringIn: (file, name) => (read.push(`${file} ${name}`), null),
    constantIn: (file, expression) => (read.push(`${file} ${expression}`), 7),
    linkageOf: (file) => (read.push(`linkage of ${file}`), { kind: 'kernel' }),
  };
  return { source, read };
}

function answersOf(functions: AskedTexts['functions'], of: Partial<AskedTexts>, holds: boolean): EarlierAnswers {
  const asked: AskedTexts = { names: new Set(), called: new Set(), followable: new Set(), functions, strings: new Map(), constants: new Map(), linkages: new Map(), ...of };
  return { asked, hasText: () => holds, hasTypes: () => holds, hasBuild: () => holds };
}

it('what a function answered is not read again while its file has its text, unless other calls are asked for', () => {
  const first = counted();
  const texts = functionTexts(() => [fact], first.source);
  const fill = texts.contextsOf(make, ['fill']);
  expect(fill).toMatchObject([{ callee: 'fill', guards: ['m->on'] }]);
  expect(texts.assignedTo('kind', make)).toEqual(['SMALL']);
  const asked = texts.asked();
  const again = counted();
  const remembering = functionTexts(() => [fact], again.source, answersOf(asked, {}, true));
  expect(remembering.contextsOf(make, ['fill'])).toEqual(fill);
  expect(remembering.assignedTo('kind', make)).toEqual(['SMALL']);
  expect(again.read).toEqual([]);
  // What is kept of the second state says the same as that of the first.
  expect(remembering.asked()).toEqual(asked);
  expect(remembering.contextsOf(make, ['drain'])).toMatchObject([{ callee: 'drain', guards: [] }]);
  expect(remembering.contextsOf(make, ['fill'])).toEqual(fill);
  expect(again.read).toEqual(['kernel/m.c']);
});

it('of a file that changed nothing is taken from before', () => {
  const first = counted();
  const texts = functionTexts(() => [fact], first.source);
  texts.contextsOf(make, ['fill']);
  const again = counted();
  functionTexts(() => [fact], again.source, answersOf(texts.asked(), {}, false)).contextsOf(make, ['fill']);
  expect(again.read).toEqual(['kernel/m.c']);
});

it('strings, constants and what is built of a file are taken from before, but where it changed; that there is none is an answer', () => {
  const ask = ({ source }: Counted, earlier?: EarlierAnswers): AskedTexts => {
    const noting = notingSource(source, earlier);
    expect(noting.source.stringIn('kernel/m.c', 'NAME')).toBeNull();
    expect(noting.source.constantIn('kernel/m.c', 'N')).toBe(7);
    expect(noting.source.linkageOf('kernel/m.c')).toEqual({ kind: 'kernel' });
    return { names: new Set(), called: new Set(), followable: new Set(), functions: new Map(), ...noting.asked };
  };
  const questions = ['kernel/m.c NAME', 'kernel/m.c N', 'linkage of kernel/m.c'];
  const [first, same, changed] = [counted(), counted(), counted()];
  const asked = ask(first);
  expect(first.read).toEqual(questions);
  expect(ask(same, answersOf(new Map(), asked, true))).toEqual(asked);
  expect(same.read).toEqual([]);
  ask(changed, answersOf(new Map(), asked, false));
  expect(changed.read).toEqual(questions);
});

it('a constant that was not known yet is asked again, and what it came to is kept', () => {
  const values = [null, 4];
  const noting = notingSource({ ...noSource, constantIn: () => values.shift() ?? null }, undefined);
  expect([noting.source.constantIn('kernel/m.c', 'N'), noting.source.constantIn('kernel/m.c', 'N')]).toEqual([null, 4]);
  expect(noting.asked.constants.get('kernel/m.c')?.get('N')).toBe(4);
});
