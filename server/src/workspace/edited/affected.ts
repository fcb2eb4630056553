import { includersOf } from '../compare/includeTable';
import type { Basis } from './basis';
import type { Changes } from './changes';

/** A header that comes or goes may be found in place of another of its name. */
function namesakes(moved: readonly string[], names: readonly string[]): readonly string[] {
  const last = new Set(moved.map((file) => file.slice(file.lastIndexOf('/') + 1)));
  return names.filter((name) => last.has(name.slice(name.lastIndexOf('/') + 1)));
}

/** Units whose types may be others: of files, and of headers that all share (their text begins with `#`). */
export function affectedUnits({ edited, came, went }: Changes, { includes }: Basis): ReadonlySet<string> {
  const moved = [...came, ...went].filter((file) => file.endsWith('.h'));
  const sources = new Set([...edited, ...went, ...namesakes(moved, includes.names)]);
  return new Set([...edited, ...includersOf(includes, sources)]);
}

/** Names of wrappers that are defined, or call, where types may be others. */
export function affectedWrappers(units: ReadonlySet<string>, { wrappers }: Basis): ReadonlySet<string> {
  return new Set(wrappers.filter(({ file, inner }) => units.has(file) || inner.some((site) => units.has(site.file))).map(({ name }) => name));
}
