import { includersOf } from '../compare/includeTable';
import type { Basis } from './basis';
import { lastPart } from './lastPart';
import type { Changes } from './changes';

/** A header that comes or goes may be found in place of another of its name; any file in place of one that is missing. */
function namesakes(moved: readonly string[], names: readonly string[]): readonly string[] {
  const last = new Set(moved.map(lastPart));
  const headers = new Set(moved.filter((file) => file.endsWith('.h')).map(lastPart));
  return names.filter((name) => (name.startsWith('?/') ? last : headers).has(lastPart(name)));
}

/** Units whose types may be others: of files, and of headers that all share (their text begins with `#`). */
export function affectedUnits({ edited, came, went }: Changes, { includes }: Basis): ReadonlySet<string> {
  const sources = new Set([...edited, ...went, ...namesakes([...came, ...went], includes.names)]);
  return new Set([...edited, ...includersOf(includes, sources)]);
}

/** Names of wrappers that are defined, or call, where types may be others; and of those that call one of them. */
export function affectedWrappers(units: ReadonlySet<string>, { wrappers }: Basis): ReadonlySet<string> {
  const names = new Set<string>();
  for (let before = -1; before < names.size;) {
    before = names.size;
    for (const { name, file, inner } of wrappers) if (units.has(file) || inner.some((call) => units.has(call.file) || names.has(call.site.api))) names.add(name);
  }
  return names;
}
