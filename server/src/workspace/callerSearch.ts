import { isCore, isDriver, subsystemOf } from '../resolve/treeParts';
import type { FactsReader } from './factsReader';

/** A function mentioned in more files is called from everywhere: that says nothing about a site below it. */
const hubFiles = 24;

export interface CallerSearch {
  readonly reader: Pick<FactsReader, 'mentions'>;
  /** All of the tree that may have callers (`mayHaveCallers`). */
  readonly sources: readonly string[];
  /** Subsystems that define one of the names. */
  readonly near: ReadonlySet<string>;
}

export interface MentionedNames {
  /** Names that are called from everywhere. */
  readonly hubs: readonly string[];
  /** Files that mention another of them. */
  readonly files: ReadonlySet<string>;
}

/** Files that may call functions by some names. Drivers are called from their own subsystem; core code is searched whatever the names are. */
export async function searchCallers(names: readonly string[], { reader, sources, near }: CallerSearch): Promise<MentionedNames> {
  const mentions = await mentionsOf(names, sources.filter((file) => isCore(file) || near.has(subsystemOf(file))), reader);
  const filesOf = (name: string): readonly string[] => mentions.get(name) ?? [];
  const hubs = names.filter((name) => filesOf(name).length > hubFiles);
  const isHub = new Set(hubs);
  return { hubs, files: new Set(names.flatMap((name) => (isHub.has(name) ? [] : filesOf(name)))) };
}

/** Prototypes fill headers, callers do not: those with code mention APIs, or are macros of the kernel's own headers. */
export function mayHaveCallers(file: string): boolean {
  return file.endsWith('.c') && !/^(tools|samples|scripts|Documentation)\//.test(file);
}

/** Drivers call wrappers of their own subsystem; other code may call any. */
export function mayCallOne(wrappers: readonly { readonly file: string }[]): (file: string) => boolean {
  const near = new Set(wrappers.map(({ file }) => subsystemOf(file)));
  return (file) => near.has(subsystemOf(file)) || (mayHaveCallers(file) && !isDriver(file));
}

/** Files by the name that they mention. */
export async function mentionsOf(names: readonly string[], files: readonly string[], reader: Pick<FactsReader, 'mentions'>): Promise<ReadonlyMap<string, readonly string[]>> {
  const byName = new Map<string, string[]>();
  await reader.mentions(files, names, (file, found) => {
    for (const name of found) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [file]);
      else known.push(file);
    }
  });
  return byName;
}
