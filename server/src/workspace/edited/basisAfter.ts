import { withNames, type AskedTexts } from '../../resolve/askedTexts';
import type { AskedNames } from '../../resolve/callGraph';
import { definedBeside } from '../../resolve/linkTree';
import { answeredNow, type AskedFunction } from '../../resolve/objects/functionTexts';
import type { ObjectSource } from '../../resolve/objects/objectSource';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import { withAllCalls } from '../../resolve/wrappers';
import { withUnits } from '../compare/includeTable';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import { tableAfter } from '../treeTable';
import type { TreeTypes } from '../treeTypes';
import type { Basis } from './basis';
import type { Changes } from './changes';
import { keptNames } from './keptNames';
import { linkSignature } from './linkSignature';
import { filesNaming, indexAfter } from './nameIndex';
import type { Relinked } from './relinked';
import type { Retyped } from './retyped';

export interface BasisAfterOptions {
  readonly reader: Pick<FactsReader, 'table'>;
  readonly types: Pick<TreeTypes, 'reads'>;
  readonly objectSource: Pick<ObjectSource, 'textOf'>;
  /** The sites as they were. */
  readonly before: ReadonlyMap<string, readonly ResolvedSite[]>;
  /** The functions of an edited file. */
  readonly placesIn: Retyped['placesIn'];
}

/** What the tree follows from after an edit; null where something was asked for that it does not know of every file. */
export function basisAfter(basis: Basis, { edited, came, went }: Changes, facts: ReadonlyMap<string, IndexedFacts>, links: Relinked | null, options: BasisAfterOptions): Basis | null {
  const { reader, types: { reads }, before } = options;
  const further = links?.asked() ?? null;
  if (further !== null && asksFollowing(further.functions, basis.asked.functions)) return null;
  const now = new Map([...edited.map((file) => [file, facts.get(file)] as const), ...(links?.further.facts ?? [])]);
  const asked = askedAfter(basis, now, further, options);
  const signatures = new Map(basis.signatures);
  for (const file of further === null ? [] : filesNamingOthers(further, basis)) {
    const own = links?.factsOf(file);
    if (own !== undefined) signatures.set(file, linkSignature(file, { ...own, sites: before.get(file)?.map(({ fact }) => fact) ?? own.sites }, asked));
  }
  for (const [file, own] of now) if (own !== undefined) signatures.set(file, linkSignature(file, own, asked));
  return {
    ...basis,
    signatures,
    asked,
    wrappers: withAllCalls(basis.wrappers, facts),
    includes: withUnits(basis.includes, reads.byUnit),
    named: [...basis.named.filter(({ source, type }) => !reads.named.has(`${source} ${type}`)), ...reads.named.values()],
    table: tableAfter(basis.table, reader.table(), new Set([...now.keys(), ...came, ...went])),
    links: {
      ...basis.links,
      ...(links === null ? {} : { steps: links.steps, names: keptNames(asked, links.names) }),
      index: basis.links.index === null ? null : indexAfter(basis.links.index, now),
    },
  };
}

function askedAfter({ asked }: Basis, now: ReadonlyMap<string, IndexedFacts | undefined>, further: ReturnType<Relinked['asked']> | null, { objectSource: { textOf }, placesIn }: BasisAfterOptions): AskedTexts {
  const functions = new Map(asked.functions);
  const answered = (file: string, some: readonly AskedFunction[]): readonly AskedFunction[] => (some.length === 0 ? [] : answeredNow(textOf(file) ?? '', some, placesIn(file)));
  for (const [file, some] of further?.functions ?? []) functions.set(file, withAsked(functions.get(file) ?? [], some, (all) => answered(file, all)));
  for (const file of now.keys()) {
    const some = functions.get(file);
    if (some !== undefined) functions.set(file, answered(file, some));
  }
  const followable = new Set([...asked.followable, ...definedBeside(new Map([...now].flatMap(([file, facts]) => (facts === undefined ? [] : [[file, facts]]))), asked.functions)]);
  if (further === null) return { ...asked, functions, followable };
  return {
    ...withNames(asked, further),
    functions,
    followable,
    strings: withAnswers(asked.strings, further.strings),
    constants: withAnswers(asked.constants, further.constants),
    linkages: new Map([...asked.linkages, ...further.linkages]),
  };
}

/** Linked files that say something of names that were not asked for before. */
function filesNamingOthers({ names, called }: AskedNames, { asked, signatures, links: { index } }: Basis): readonly string[] {
  const others = [...[...names].filter((name) => !asked.names.has(name)), ...[...called].filter((name) => !asked.called.has(name))];
  const files = new Set(index === null ? [] : others.flatMap((name) => filesNaming(name, index)));
  return [...files].filter((file) => signatures.has(file));
}

/** What a function puts into a member that was not asked of it before: what is defined in its folder counts from now on. */
function asksFollowing(further: AskedTexts['functions'], before: AskedTexts['functions']): boolean {
  return [...further].some(([file, some]) => some.some((one) => 'member' in one && before.get(file)?.some((other) => isSameQuestion(one, other)) !== true));
}

function withAnswers<T>(known: ReadonlyMap<string, ReadonlyMap<string, T>>, further: ReadonlyMap<string, ReadonlyMap<string, T>>): ReadonlyMap<string, ReadonlyMap<string, T>> {
  const all = new Map(known);
  for (const [file, answers] of further) all.set(file, new Map([...(known.get(file) ?? []), ...answers]));
  return all;
}

/** What was asked of a file's functions, with what was asked now: of a function all names that its calls were asked for. */
function withAsked(known: readonly AskedFunction[], further: readonly AskedFunction[], answered: (some: readonly AskedFunction[]) => readonly AskedFunction[]): readonly AskedFunction[] {
  const all = [...known];
  for (const one of further) {
    const at = all.findIndex((other) => isSameQuestion(one, other));
    const before = all[at];
    if (before === undefined) all.push(one);
    else if ('callees' in before && 'callees' in one && one.callees.some((name) => !before.callees.includes(name))) {
      const [now = before] = answered([{ ...before, callees: [...new Set([...before.callees, ...one.callees])] }]);
      all[at] = now;
    }
  }
  return all;
}

function isSameQuestion(one: AskedFunction, other: AskedFunction): boolean {
  if (one.name !== other.name || one.ordinal !== other.ordinal) return false;
  return 'member' in one ? 'member' in other && one.member === other.member : 'callees' in other;
}
