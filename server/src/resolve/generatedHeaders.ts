import { closingBracket, type Token, textOf } from '../facts/cTokens';
import { splitAtCommas } from './expression/parseExpression';
import type { UnitTypes } from './layout/unitContext';
import { activeTokensOf } from './preprocess/configuredTokens';
import type { SourceTree } from './sourceTree';
import { attempt } from './unresolved';

/** What a generated header is made from: the tree and the types of a C file in it. */
export interface GeneratorInput {
  readonly tree: SourceTree;
  readonly sourceFolder: string;
  unit(path: string): UnitTypes | undefined;
}

/** Text of a header that only a build writes, derived from what the build would use; undefined for other headers. */
export type GeneratedHeader = (target: string) => string | undefined;

export function generatedHeaders(input: GeneratorInput): GeneratedHeader {
  let generating = false;
  return (target) => {
    switch (target) {
      case 'generated/autoconf.h':
      case 'generated/asm-offsets.h':
      case 'generated/timeconst.h':
      case 'generated/utsrelease.h':
      case 'generated/compile.h':
        return '';
      case 'generated/bounds.h': {
        // kernel/bounds.c is written so that it can do without the header made from it.
        if (generating) return undefined;
        generating = true;
        const text = definesOf(input.unit('kernel/bounds.c'));
        generating = false;
        return text;
      }
      case 'linux/version.h':
        return versionHeader(input.tree.read('Makefile') ?? '');
      default:
        return syscallHeader(target, input);
    }
  };
}

/** `DEFINE(NAME, expression)` in a file that the build compiles only for its constants. */
function definesOf(types: UnitTypes | undefined): string {
  const file = types?.unit.headers.file(types.unit.path);
  if (types === undefined || file === undefined) return '';
  const tokens = activeTokensOf(types.unit, file, 0, file.text.length, types.unit.end);
  return tokens.map((token, at) => (token.text === 'DEFINE' ? defineLine(tokens, at, types) : '')).join('');
}

function defineLine(tokens: readonly Token[], at: number, types: UnitTypes): string {
  if (tokens[at + 1]?.text !== '(') return '';
  const [name, ...value] = splitAtCommas(tokens.slice(at + 2, closingBracket(tokens, at + 1)));
  const constant = attempt(() => types.constant(value.map(textOf).join(' , ')).value);
  return constant.known ? `#define ${textOf(name ?? [])} ${constant.value.toString()}\n` : '';
}

function versionHeader(makefile: string): string {
  const part = (name: string): string => new RegExp(`^${name}\\s*=\\s*(\\d+)`, 'm').exec(makefile)?.[1] ?? '0';
  const [major, minor, patch] = [part('VERSION'), part('PATCHLEVEL'), part('SUBLEVEL')];
  const code = Number(major) * 65_536 + Number(minor) * 256 + Math.min(Number(patch), 255);
  return [
    `#define LINUX_VERSION_CODE ${code}`,
    '#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))',
    `#define LINUX_VERSION_MAJOR ${major}`,
    `#define LINUX_VERSION_PATCHLEVEL ${minor}`,
    `#define LINUX_VERSION_SUBLEVEL ${patch}`,
    '',
  ].join('\n');
}

interface SyscallTable {
  readonly table: string;
  readonly abis: readonly string[];
  readonly prefix: string;
}

/** Tables and ABIs from which `arch/.../entry/syscalls/Makefile` and scripts/Makefile.asm-headers make headers. */
const syscallTables: Readonly<Record<string, Readonly<Record<string, SyscallTable>>>> = {
  x86: {
    'asm/unistd_64.h': { table: 'arch/x86/entry/syscalls/syscall_64.tbl', abis: ['common', '64'], prefix: '' },
    'asm/unistd_32.h': { table: 'arch/x86/entry/syscalls/syscall_32.tbl', abis: ['i386'], prefix: '' },
    'asm/unistd_32_ia32.h': { table: 'arch/x86/entry/syscalls/syscall_32.tbl', abis: ['i386'], prefix: 'ia32_' },
    'asm/unistd_64_x32.h': { table: 'arch/x86/entry/syscalls/syscall_64.tbl', abis: ['common', 'x32'], prefix: 'x32_' },
  },
  arm64: {
    'asm/unistd_64.h': {
      table: 'scripts/syscall.tbl',
      abis: ['common', '64', 'renameat', 'rlimit', 'memfd_secret'],
      prefix: '',
    },
    'asm/unistd_compat_32.h': { table: 'arch/arm64/tools/syscall_32.tbl', abis: ['common', '32'], prefix: 'compat32_' },
  },
};

function syscallHeader(target: string, { tree, sourceFolder }: GeneratorInput): string | undefined {
  const from = syscallTables[sourceFolder]?.[target];
  const table = from === undefined ? undefined : tree.read(from.table);
  if (from === undefined || table === undefined) return undefined;
  const rows = [...table.matchAll(/^(\d+)[ \t]+(\w+)[ \t]+(\w+)/gm)].filter(([, , abi = '']) => from.abis.includes(abi));
  const count = Math.max(-1, ...rows.map(([, number]) => Number(number))) + 1;
  const lines = rows.map(([, number = '', , name = '']) => `#define __NR_${from.prefix}${name} ${number}`);
  return [...lines, `#define __NR_${from.prefix}syscalls ${count}`, ''].join('\n');
}
