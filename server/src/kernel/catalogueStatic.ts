import type { Api, ArgumentRoles, SiteKind } from './api';
import { kernelVersion } from './version';

const definitions = 'include/linux/percpu-defs.h';
const x86 = 'arch/x86/include/asm/percpu.h';
const rwsem = 'include/linux/percpu-rwsem.h';

function entry(name: string, source: string, roles: ArgumentRoles, versions: Pick<Api, 'since'> = {}): Api {
  const kind: SiteKind = name.startsWith('DECLARE') ? 'declare' : 'define';
  return { name, family: 'static', kind, roles, source, ...versions };
}

/** `DECLARE_PER_CPU_X` and `DEFINE_PER_CPU_X` for each section X; their arguments are type, name and perhaps a section. */
function pairs(suffixes: readonly string[], source: string, versions: Pick<Api, 'since'> = {}): Api[] {
  return suffixes.flatMap((suffix) =>
    ['DECLARE', 'DEFINE'].map((word) => entry(`${word}_${suffix}`, source, { type: 0, target: 1 }, versions)),
  );
}

/** Static percpu variables: include/linux/percpu-defs.h, x86's early ones, and rw semaphores (6.1 to 6.15). */
export const staticApis: readonly Api[] = [
  ...pairs(
    [
      'PER_CPU', 'PER_CPU_SECTION', 'PER_CPU_FIRST', 'PER_CPU_SHARED_ALIGNED', 'PER_CPU_ALIGNED', 'PER_CPU_PAGE_ALIGNED',
      'PER_CPU_READ_MOSTLY', 'PER_CPU_DECRYPTED',
    ],
    definitions,
  ),
  ...pairs(['PER_CPU_CACHE_HOT'], definitions, { since: kernelVersion(6, 15) }),
  ...pairs(['EARLY_PER_CPU', 'EARLY_PER_CPU_READ_MOSTLY'], x86),
  entry('DECLARE_INIT_PER_CPU', x86, { target: 0 }),
  ...['DEFINE_PERCPU_RWSEM', 'DEFINE_STATIC_PERCPU_RWSEM'].map((name) => ({
    ...entry(name, rwsem, { target: 0 }),
    areas: [{ bytes: { sizeof: 'unsigned int' }, align: { alignof: 'unsigned int' }, what: 'reader count' }],
  })),
];
