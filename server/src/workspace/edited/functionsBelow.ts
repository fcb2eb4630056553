import type { CallReach } from '../../resolve/reach';
import { functionKey } from '../../resolve/openNames';
import type { NamesAfter } from './namesAfter';

/** A name as it is written in a file. */
export interface WrittenName {
  readonly file: string;
  readonly name: string;
}

/** More functions than this are not followed: then a tree is linked anew. */
const mostFunctions = 4_000;

/**
 * Functions that one of the given leads to by calls, with those themselves, as `functionKey`; null where there are too many.
 * `called`: names whose callers were ever asked for, since calls of others lead to no site.
 */
export function functionsBelow(
  from: readonly WrittenName[], { calleesIn }: Pick<NamesAfter, 'calleesIn'>, { definitionsOf }: Pick<CallReach, 'definitionsOf'>, called: ReadonlySet<string>,
): ReadonlySet<string> | null {
  const below = new Set<string>();
  const queue: WrittenName[] = [];
  const reach = ({ file, name }: WrittenName): void => {
    for (const definition of definitionsOf(name, file)) {
      const key = functionKey(definition.file, definition.name);
      if (below.has(key)) continue;
      below.add(key);
      queue.push(definition);
    }
  };
  from.forEach(reach);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (below.size > mostFunctions) return null;
    const { file, name } = next;
    for (const callee of calleesIn(file, name)) if (called.has(callee)) reach({ file, name: callee });
  }
  return below;
}
