import type { ObjectSource } from '../../resolve/objects/objectSource';
import { answersChanged, type AskedFunction } from '../../resolve/objects/functionTexts';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import { placeIn, type Search, type TreeTable } from '../treeTable';
import type { Basis } from './basis';
import { definedIn } from './changedLinks';
import type { Changes } from './changes';
import { definesNamed } from './definesNamed';
import { linkSignature } from './linkSignature';
import type { Retyped } from './retyped';

export interface Edits {
  readonly changes: Changes;
  readonly basis: Basis;
  /** Files whose types may be others. */
  readonly affected: ReadonlySet<string>;
  readonly retyped: Retyped;
  /** Facts as they are now, of the files that have any. */
  readonly facts: ReadonlyMap<string, IndexedFacts>;
  readonly source: Pick<ObjectSource, 'textOf' | 'stringIn' | 'constantIn'>;
}

/**
 * Edited files that say something else of what leads to a site or of what its objects are, by their facts or by what was
 * asked of their functions: none where all that linking takes from the tree is as it was. Null where something else
 * changed that it follows from: which files mention a name, what a macro or a constant stands for, where a type may be defined.
 */
export async function filesLinkedOtherwise({ changes, basis, affected, retyped, facts, source }: Edits, reader: FactsReader): Promise<readonly string[] | null> {
  const { edited, came, went } = changes;
  const isMentionedAlike = mentionsAsBefore(changes, basis, reader);
  isMentionedAlike.catch(() => undefined);
  if ([...came, ...went].some((file) => facts.has(file) || basis.signatures.has(file) || basis.asked.strings.has(file))) return null;
  const moved: string[] = [];
  const defined = definedIn(edited, facts);
  for (const file of edited) {
    const now = facts.get(file);
    // Files that mention an API are linked from the start, others when a search finds them.
    if (mentionsApi(file, basis.table) !== mentionsApi(file, reader.table())) return null;
    if ((now === undefined) === basis.signatures.has(file)) return null;
    for (const [name, value] of basis.asked.strings.get(file) ?? []) if (source.stringIn(file, name) !== value) return null;
    const asked = basis.asked.functions.get(file) ?? [];
    const isOther = now !== undefined && linkSignature(file, now, basis.asked, defined) !== basis.signatures.get(file);
    if (isOther || answersOtherwise(file, asked, retyped, source).length > 0) moved.push(file);
  }
  for (const file of affected) {
    for (const [expression, value] of basis.asked.constants.get(file) ?? []) if (source.constantIn(file, expression) !== value) return null;
  }
  return (await isMentionedAlike) && !definesNamed([...retyped.files, ...came], basis, source.textOf) ? moved : null;
}

/** What was asked of an edited file's functions, and is answered otherwise now. */
export function answersOtherwise(
  file: string, asked: readonly AskedFunction[], { isSameNamed, placesIn }: Pick<Retyped, 'isSameNamed' | 'placesIn'>, { textOf }: Pick<ObjectSource, 'textOf'>,
): readonly AskedFunction[] {
  const mayDiffer = asked.filter(({ name }) => !isSameNamed(file, name));
  return mayDiffer.length === 0 ? [] : answersChanged(textOf(file) ?? '', mayDiffer, placesIn(file));
}

function mentionsApi(file: string, table: TreeTable): boolean {
  return (table.contents[placeIn(table, file)] ?? '') !== '';
}

/** Which files mention a name decides where callers are looked for, and of what there are too many. */
async function mentionsAsBefore({ edited, came, went }: Changes, { table }: Basis, reader: FactsReader): Promise<boolean> {
  const places = new Map(table.files.map((file, at) => [file, at]));
  const foundIn = (search: Search, file: string): readonly string[] =>
    (search.found.get(places.get(file) ?? -1) ?? []).map((index) => search.names[index] ?? '').sort();
  for (const search of table.searches) {
    if (went.some((file) => foundIn(search, file).length > 0)) return false;
    const looked = [...edited.filter((file) => search.covered[places.get(file) ?? -1] === 1), ...came];
    const found = new Map<string, readonly string[]>();
    await reader.mentions(looked, search.names, (file, names) => void found.set(file, [...names].sort()));
    if (looked.some((file) => (found.get(file) ?? []).join('\0') !== foundIn(search, file).join('\0'))) return false;
  }
  return true;
}
