/** Words of C and of the kernel's dialect that decide what a neighbouring name is. */

export const typeKeywords: ReadonlySet<string> = new Set([
  'void', 'char', 'short', 'int', 'long', 'float', 'double', 'signed', 'unsigned', '_Bool', 'bool', '__signed__',
  '__int128', '_Float16',
]);

export const tagKeywords: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);

export const qualifiers: ReadonlySet<string> = new Set([
  'const', 'volatile', 'restrict', '__const', '__volatile__', '__restrict', '__restrict__', '_Atomic',
]);

export const storageWords: ReadonlySet<string> = new Set([
  'static', 'extern', 'inline', 'register', 'auto', 'typedef', '_Noreturn', '_Thread_local', '__inline', '__inline__',
  '__extension__', 'asmlinkage', 'noinline', 'notrace', 'noinstr', 'fastcall', 'STATIC', 'INLINE', '__always_inline',
]);

/** Operators spelt as words whose parenthesis is no call. */
export const operatorWords: ReadonlySet<string> = new Set([
  'sizeof', 'typeof', '__typeof__', '__typeof', 'typeof_unqual', '__typeof_unqual__', '_Alignof', '__alignof__', '__alignof', 'alignof', 'offsetof',
  '__builtin_offsetof', '_Generic', '_Static_assert', 'static_assert', '__attribute__', '__attribute', 'asm', '__asm__', '__asm', '__volatile__',
  '_Alignas', '__label__', 'defined', '__builtin_types_compatible_p', '__builtin_va_arg', 'va_arg',
]);

export const statementWords: ReadonlySet<string> = new Set([
  'if', 'else', 'for', 'while', 'do', 'switch', 'case', 'default', 'return', 'goto', 'break', 'continue',
]);

const notCallable: ReadonlySet<string> = new Set([
  ...operatorWords, ...statementWords, ...typeKeywords, ...qualifiers, ...tagKeywords, ...storageWords,
]);

/** True for a name that can be called: neither an operator, a statement word nor a word of a declaration. */
export function isCallable(word: string): boolean {
  return !notCallable.has(word);
}
