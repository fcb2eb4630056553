import type { SiteFact } from '../facts/fileFacts';

/** `name` of `DEFINE_PER_CPU(int, name[4])` or `DEFINE_PERCPU_RWSEM(name)`; null for calls and in macros, which name none. */
export function variableName({ family, api, arguments: given, inMacro }: SiteFact): string | null {
  if (family !== 'static' || inMacro) return null;
  const name = (api.includes('RWSEM') || api === 'DECLARE_INIT_PER_CPU' ? given[0] : given[1]) ?? given[0];
  return (name ?? '').replace(/\s*\[.*$/s, '');
}
