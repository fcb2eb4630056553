import type { AllocatedArea, Api, ArgumentRoles } from '../kernel/api';
import { either, field, list, type Made, mapped, type Shape, table, text, whole } from '../util/shape';

const families = ['dyn', 'counter', 'up', 'static'] as const;
const kinds = ['alloc', 'free', 'init', 'destroy', 'update', 'read', 'sum', 'define', 'declare', 'indirect'] as const;
const roles = ['type', 'size', 'align', 'gfp', 'target', 'count', 'amount', '-'] as const;

/** Most bytes of one percpu area (PCPU_MIN_UNIT_SIZE, include/linux/percpu.h): more is never allocated. */
const largestArea = 32 * 1024;

const areaShape: Shape<AllocatedArea> = mapped(
  table(
    {
      bytes: field(either(whole(1, largestArea), text()), 'Bytes per CPU: a number, or a C type of the tree whose size it is, such as "struct my_stats".'),
      what: field(text(), 'What it is for, in a word or two.'),
    },
    {
      align: field(whole(1, 4096), 'Alignment in bytes; that of the type, else 8, where absent.'),
      condition: field(text(), 'When it is allocated, in words; always where absent.'),
    },
  ),
  ({ bytes, what, align, condition }) => ({
    value: {
      bytes: typeof bytes === 'number' ? bytes : { sizeof: bytes },
      align: align ?? (typeof bytes === 'number' ? 8 : { alignof: bytes }),
      what,
      ...(condition === undefined ? {} : { condition }),
    },
  }),
);

/** An API that the catalogue does not have: a wrapper of an out-of-tree module or of a vendor's tree. */
export const apiShape: Shape<Api> = mapped(
  table(
    {
      name: field(text(), 'Name of the function or macro.'),
      kind: field(text(kinds), 'What a call does. "indirect" is an initialiser that allocates percpu memory inside; say how much with areas.'),
    },
    {
      family: field(text(families), 'dyn: percpu memory itself; counter: percpu_counter; up: a user one level up; static: definitions. dyn where absent.'),
      arguments: field(list(text(roles)), 'What each argument is, in order: ["-", "size", "gfp"]; "-" for one that does not matter.'),
      areas: field(list(areaShape), 'What one call allocates per CPU.'),
    },
  ),
  (entry): Made<Api> => {
    const fault = entryFault(entry);
    if (fault !== null) return { fault };
    const { name, kind, family = 'dyn', areas } = entry;
    return { value: { name, kind, family, roles: rolesOf(entry.arguments ?? []), source: 'percpu.toml', ...(areas === undefined ? {} : { areas }) } };
  },
);

interface Entry {
  readonly name: string;
  readonly kind: (typeof kinds)[number];
  readonly arguments?: readonly (typeof roles)[number][];
  readonly areas?: readonly AllocatedArea[];
}

function entryFault({ name, kind, arguments: given = [], areas = [] }: Entry): string | null {
  if (!/^[A-Za-z_]\w*$/.test(name)) return `"name" is ${JSON.stringify(name.slice(0, 40))}: no name of a C function or macro`;
  const twice = given.find((role, index) => role !== '-' && given.indexOf(role) !== index);
  if (twice !== undefined) return `"arguments" has "${twice}" twice`;
  if (kind === 'indirect' && areas.length === 0) return `"${name}" is indirect: say with areas what a call allocates per CPU`;
  if (kind === 'alloc' && !given.includes('type') && !given.includes('size')) return `"${name}" allocates: say in arguments which one is the "type" or the "size"`;
  return null;
}

function rolesOf(given: readonly (typeof roles)[number][]): ArgumentRoles {
  return Object.fromEntries(given.flatMap((role, position) => (role === '-' ? [] : [[role, position]])));
}
