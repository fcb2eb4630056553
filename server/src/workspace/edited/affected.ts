import { includersOf } from '../compare/includeTable';
import type { Basis } from './basis';
import { lastPart } from './lastPart';
import type { Changes } from './changes';

/** A file that comes or goes may be found in place of another of its name, or of one that is missing. */
function namesakes(moved: readonly string[], names: readonly string[]): readonly string[] {
  const last = new Set(moved.map(lastPart));
  return names.filter((name) => last.has(lastPart(name)));
}

/** Units whose types may be others, by the edited files that may say something else at file scope: of files, and of headers that all share (their text begins with `#`). */
export function affectedUnits(retyped: readonly string[], { came, went }: Changes, { includes }: Basis): ReadonlySet<string> {
  const sources = new Set([...retyped, ...went, ...namesakes([...came, ...went], includes.names)]);
  return new Set([...retyped, ...includersOf(includes, sources)]);
}

/** Names of wrappers that are defined, or call, where something may be otherwise; and of those that call one of them. */
export function affectedWrappers(isOtherwise: (file: string, name: string | null) => boolean, { wrappers }: Basis): ReadonlySet<string> {
  const names = new Set<string>();
  for (let before = -1; before < names.size;) {
    before = names.size;
    for (const { name, file, inner } of wrappers) {
      if (isOtherwise(file, name) || inner.some((call) => isOtherwise(call.file, call.site.function) || names.has(call.site.api))) names.add(name);
    }
  }
  return names;
}
