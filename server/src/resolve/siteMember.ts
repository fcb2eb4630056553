import type { SiteFact, TypeExpression } from '../facts/fileFacts';
import { keeperText } from '../facts/objectMemory';
import type { UnitTypes } from './layout/unitContext';
import type { MemberPlace } from './resolvedSite';
import { siteTypes } from './siteTypes';
import type { TypeWorld } from './typeWorld';
import { attempt, unresolved } from './unresolved';

/**
 * The member of a structure that a site's memory is kept in, by the types where the site stands: the target of the
 * assignment (`p->cpu_qstats = alloc_percpu(…)`), or what an initialiser is given (`&sbi->s_dirs_counter`). Null where
 * it is no member or a type is not known; never throws.
 */
export function memberOfSite(world: TypeWorld, file: string, site: SiteFact): MemberPlace | null {
  const parts = /^\(?([A-Za-z_]\w*)(->|\.)([A-Za-z_][\w.]*)(?:\[[^\]]*\])?\)?$/.exec(keeperText(site) ?? '');
  if (parts === null) return null;
  const [, variable = '', access, path = ''] = parts;
  const outcome = attempt(() => memberIn(siteTypes(world, file, site), variable, access === '->', path));
  return outcome.known ? outcome.value : null;
}

function memberIn(types: UnitTypes, variable: string, arrow: boolean, path: string): MemberPlace {
  const declared = types.strip(types.typeOfExpression(variable));
  const record = arrow ? pointee(types, declared) : declared;
  let at: { readonly type: TypeExpression; readonly offset: number } = { type: record, offset: 0 };
  for (const name of path.split('.')) {
    const member = types.member(at.type, name);
    at = { type: member.type, offset: at.offset + member.offset };
  }
  return { structure: nameOf(record), member: path, offset: at.offset, size: types.layout(at.type).size };
}

function pointee(types: UnitTypes, type: TypeExpression): TypeExpression {
  return type.kind === 'pointer' ? types.strip(type.to) : unresolved('no pointer');
}

function nameOf(type: TypeExpression): string {
  return type.kind === 'tagged' ? `${type.tag} ${type.name}` : unresolved('a structure without a name');
}
