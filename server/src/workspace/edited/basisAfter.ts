import type { AskedNames } from '../../resolve/callGraph';
import { answeredNow, type AskedFunction } from '../../resolve/objects/functionTexts';
import type { ObjectSource } from '../../resolve/objects/objectSource';
import { withAllCalls } from '../../resolve/wrappers';
import { withUnits } from '../compare/includeTable';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import type { TreeTypes } from '../treeTypes';
import type { Basis } from './basis';
import type { Changes } from './changes';
import { keptNames } from './keptNames';
import { linkSignature } from './linkSignature';
import type { Relinked } from './relinked';

export interface BasisAfterOptions {
  readonly reader: Pick<FactsReader, 'table'>;
  readonly types: Pick<TreeTypes, 'reads'>;
  readonly objectSource: Pick<ObjectSource, 'textOf'>;
}

/** What the tree follows from after an edit; null where something was asked for that it does not know of every file. */
export function basisAfter(basis: Basis, { edited }: Changes, facts: ReadonlyMap<string, IndexedFacts>, links: Relinked | null, { reader, types: { reads }, objectSource: { textOf } }: BasisAfterOptions): Basis | null {
  const further = links?.asked() ?? null;
  if (further !== null && !isKnown(further, basis.asked)) return null;
  const signatures = new Map(basis.signatures);
  const functions = new Map(basis.asked.functions);
  for (const [file, asked] of further?.functions ?? []) functions.set(file, withAsked(functions.get(file) ?? [], asked, () => textOf(file) ?? ''));
  for (const file of edited) {
    const asked = functions.get(file);
    if (asked !== undefined) functions.set(file, answeredNow(textOf(file) ?? '', asked));
  }
  const asked = {
    ...basis.asked,
    functions,
    ...(further === null ? {} : {
      strings: withAnswers(basis.asked.strings, further.strings),
      constants: withAnswers(basis.asked.constants, further.constants),
      linkages: new Map([...basis.asked.linkages, ...further.linkages]),
    }),
  };
  for (const file of edited) {
    const now = facts.get(file);
    if (now !== undefined) signatures.set(file, linkSignature(file, now, asked));
  }
  return {
    ...basis,
    signatures,
    asked,
    wrappers: withAllCalls(basis.wrappers, facts),
    includes: withUnits(basis.includes, reads.byUnit),
    named: [...basis.named.filter(({ source, type }) => !reads.named.has(`${source} ${type}`)), ...reads.named.values()],
    table: reader.table(),
    links: links === null ? basis.links : { ...basis.links, steps: links.steps, names: keptNames(basis.asked, links.names) },
  };
}

function isKnown({ names, called }: AskedNames, asked: AskedNames): boolean {
  return [...names].every((name) => asked.names.has(name)) && [...called].every((name) => asked.called.has(name));
}

function withAnswers<T>(known: ReadonlyMap<string, ReadonlyMap<string, T>>, further: ReadonlyMap<string, ReadonlyMap<string, T>>): ReadonlyMap<string, ReadonlyMap<string, T>> {
  const all = new Map(known);
  for (const [file, answers] of further) all.set(file, new Map([...(known.get(file) ?? []), ...answers]));
  return all;
}

/** What was asked of a file's functions, with what was asked now: of a function all names that its calls were asked for. */
function withAsked(known: readonly AskedFunction[], further: readonly AskedFunction[], textOf: () => string): readonly AskedFunction[] {
  const all = [...known];
  for (const one of further) {
    const at = all.findIndex((other) => isSameQuestion(one, other));
    const before = all[at];
    if (before === undefined) all.push(one);
    else if ('callees' in before && 'callees' in one && one.callees.some((name) => !before.callees.includes(name))) {
      const [answered = before] = answeredNow(textOf(), [{ ...before, callees: [...new Set([...before.callees, ...one.callees])] }]);
      all[at] = answered;
    }
  }
  return all;
}

function isSameQuestion(one: AskedFunction, other: AskedFunction): boolean {
  if (one.name !== other.name || one.ordinal !== other.ordinal) return false;
  return 'member' in one ? 'member' in other && one.member === other.member : 'callees' in other;
}
