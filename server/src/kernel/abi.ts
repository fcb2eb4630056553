/** Architectures whose data layout is known. */
export type Architecture = 'x86_64' | 'arm64';

export interface Abi {
  readonly architecture: Architecture;
  /** Folder of `arch/` with its headers. */
  readonly sourceFolder: string;
  readonly charIsSigned: boolean;
  /** Alignment of a bare `__attribute__((aligned))`. */
  readonly largestAlignment: number;
  /** Unnamed bit-fields raise the alignment of their struct (AAPCS64), or do not (System V AMD64). */
  readonly unnamedBitFieldsAlign: boolean;
  /** Macros that the compiler itself defines and kernel headers ask for. */
  readonly predefined: Readonly<Record<string, string>>;
}

const commonPredefined: Readonly<Record<string, string>> = {
  __STDC__: '1',
  __STDC_VERSION__: '201112L',
  __STDC_HOSTED__: '0',
  __KERNEL__: '1',
  __linux__: '1',
  linux: '1',
  __unix__: '1',
  __ELF__: '1',
  __LP64__: '1',
  _LP64: '1',
  __CHAR_BIT__: '8',
  __INT_MAX__: '2147483647',
  __LONG_MAX__: '9223372036854775807L',
  __SIZEOF_POINTER__: '8',
  __SIZEOF_LONG__: '8',
  __SIZEOF_INT__: '4',
  __SIZEOF_INT128__: '16',
  __SIZEOF_LONG_LONG__: '8',
  __SIZE_TYPE__: 'unsigned long',
  __PTRDIFF_TYPE__: 'long',
  __UINTPTR_TYPE__: 'unsigned long',
  __UINT64_TYPE__: 'unsigned long',
  __INT64_TYPE__: 'long',
  __ORDER_LITTLE_ENDIAN__: '1234',
  __ORDER_BIG_ENDIAN__: '4321',
  __BYTE_ORDER__: '1234',
  __OPTIMIZE__: '1',
};

const x86: Abi = {
  architecture: 'x86_64',
  sourceFolder: 'x86',
  charIsSigned: true,
  largestAlignment: 16,
  unnamedBitFieldsAlign: false,
  predefined: { ...commonPredefined, __x86_64__: '1', __x86_64: '1', __amd64__: '1', __amd64: '1', __BIGGEST_ALIGNMENT__: '16' },
};

const arm64: Abi = {
  architecture: 'arm64',
  sourceFolder: 'arm64',
  charIsSigned: false,
  largestAlignment: 16,
  unnamedBitFieldsAlign: true,
  predefined: {
    ...commonPredefined,
    __aarch64__: '1',
    __AARCH64EL__: '1',
    __ARM_ARCH: '8',
    __ARM_64BIT_STATE: '1',
    __CHAR_UNSIGNED__: '1',
    __BIGGEST_ALIGNMENT__: '16',
  },
};

export function abiOf(architecture: Architecture): Abi {
  return architecture === 'x86_64' ? x86 : arm64;
}

const scalarSizes: Readonly<Record<string, number>> = {
  void: 1,
  _Bool: 1,
  char: 1,
  'signed char': 1,
  'unsigned char': 1,
  short: 2,
  'unsigned short': 2,
  _Float16: 2,
  int: 4,
  'unsigned int': 4,
  float: 4,
  long: 8,
  'unsigned long': 8,
  'long long': 8,
  'unsigned long long': 8,
  double: 8,
  'long double': 16,
  __int128: 16,
  'unsigned __int128': 16,
};

/**
 * Bytes of a scalar by its canonical name; its alignment is the same (LP64, both architectures); `sizeof(void)` is 1
 * as GNU C has it. A `va_list` differs: an array of one 24-byte record on x86-64, a 32-byte record on arm64.
 */
export function scalarLayout(abi: Abi, name: string): { readonly size: number; readonly align: number } | undefined {
  if (name === '__builtin_va_list') return { size: abi.architecture === 'x86_64' ? 24 : 32, align: 8 };
  const size = scalarSizes[name];
  return size === undefined ? undefined : { size, align: size };
}

export function isSignedScalar(abi: Abi, name: string): boolean {
  if (name === 'char') return abi.charIsSigned;
  return !name.startsWith('unsigned') && name !== '_Bool';
}

const fixedWidths: Readonly<Record<string, string>> = {
  8: 'char',
  16: 'short',
  32: 'int',
  64: 'long long',
};

/**
 * The scalar that a typedef of the kernel's own stands for (`u64`, `__le32`, `size_t` …), for code that is read without
 * the kernel's headers; null for any other name (include/asm-generic/int-ll64.h, include/linux/types.h, 6.12).
 */
export function kernelScalar(name: string): string | null {
  const [, sign, width] = /^_{0,2}([us]|le|be)(8|16|32|64)$/.exec(name) ?? [];
  if (sign !== undefined && width !== undefined) {
    const base = fixedWidths[width];
    if (base === undefined || (width === '8' && sign.length === 2)) return null;
    if (sign !== 's') return `unsigned ${base}`;
    return base === 'char' ? 'signed char' : base;
  }
  return wordScalars[name] ?? null;
}

const wordScalars: Readonly<Record<string, string>> = {
  bool: '_Bool',
  size_t: 'unsigned long',
  ssize_t: 'long',
  uintptr_t: 'unsigned long',
  gfp_t: 'unsigned int',
};
