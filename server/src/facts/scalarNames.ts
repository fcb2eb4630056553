export const qualifiers = new Set([
  'const', 'volatile', 'restrict', '__restrict', '__restrict__', '__const', '__volatile', '__volatile__', '_Atomic',
  '__extension__', 'static', 'extern', 'register', 'auto', 'inline', '__inline', '__inline__', '_Thread_local', '__thread', '_Noreturn',
  '__signed__const', 'noinline',
]);

export const scalarWords = new Set([
  'void', 'char', 'short', 'int', 'long', 'float', 'double', 'signed', 'unsigned', '_Bool', '__int128', '__int128_t', '__uint128_t',
  '__signed', '__signed__', '__builtin_va_list', '_Float16', '__float128', '_Complex',
]);

export const typeofWords = new Set(['typeof', '__typeof__', '__typeof', '__typeof_unqual__', 'typeof_unqual', 'TYPEOF_UNQUAL']);

/** Whether a token can only begin a type. */
export function beginsType(text: string): boolean {
  return scalarWords.has(text) || qualifiers.has(text) || typeofWords.has(text) || text === 'struct' || text === 'union' || text === 'enum';
}

/** The canonical name of a scalar from its words in any order. */
export function scalarName(words: readonly string[]): string {
  const has = (word: string): boolean => words.includes(word);
  const unsigned = has('unsigned') || has('__uint128_t');
  if (has('void')) return 'void';
  if (has('_Bool')) return '_Bool';
  if (has('__builtin_va_list')) return '__builtin_va_list';
  if (has('float')) return 'float';
  if (has('_Float16')) return '_Float16';
  if (has('__float128')) return 'long double';
  if (has('double')) return has('long') ? 'long double' : 'double';
  if (has('char')) return unsigned ? 'unsigned char' : has('signed') || has('__signed__') || has('__signed') ? 'signed char' : 'char';
  return (unsigned ? 'unsigned ' : '') + integerName(words);
}

function integerName(words: readonly string[]): string {
  if (words.some((word) => word.includes('int128'))) return '__int128';
  if (words.includes('short')) return 'short';
  const longs = words.filter((word) => word === 'long').length;
  return longs === 0 ? 'int' : longs === 1 ? 'long' : 'long long';
}
