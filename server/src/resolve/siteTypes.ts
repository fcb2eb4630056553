import type { SiteFact } from '../facts/fileFacts';
import { functionAt, functionScope } from './layout/localScope';
import type { UnitTypes } from './layout/unitContext';
import { unitTypes } from './layout/unitTypes';
import { type TypeWorld, unitOf } from './typeWorld';
import { unresolved } from './unresolved';

/** The types as they are where the site stands: in its function in its file. Throws Unresolved. */
export function siteTypes(world: TypeWorld, path: string, site: SiteFact): UnitTypes {
  if (site.inMacro) return unresolved(`inside the macro ${site.function ?? ''}: its arguments decide`);
  const arch = /^arch\/([^/]+)\//.exec(path)?.[1];
  if (arch !== undefined && arch !== world.abi.sourceFolder) return unresolved(`${path} is compiled for ${arch} alone`);
  const types = unitOf(world, path) ?? unresolved(`${path} cannot be read`);
  const file = world.headers.file(path);
  const item = file === undefined ? undefined : functionAt(file, site.span.start);
  if (file === undefined || item === undefined) return types;
  const local = functionScope(types.unit, file, item, site.span.start, types.isTypeName);
  return unitTypes(types.unit, world.cache, (name) => local(name) ?? types.variable(name));
}
