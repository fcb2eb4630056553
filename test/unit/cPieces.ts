import fc from 'fast-check';

/** Pieces of C and of what is almost C, put together in any order. */
export const pieceOfC = fc.constantFrom(
  'int ', 'f', '(', ')', '{', '}', '[', ']', ';', ',', ' = ', '*', '->', '.', '...', '\n', '\n#if A\n', '\n#else\n', '\n#endif\n', '#', '##', '\\\n', '\\',
  '"', "'", '"a\\"b"', '/*', '*/', '//', '/', '\t', '\r\n', 'struct x ', '__percpu ', 'é', '\0', '1e+5', 'for_each_cpu(a, b) ', '\n#define M(x) \\\n x\n',
  'alloc_percpu(int)', 'free_percpu', '\n}\n', '\n{\n', '\nstatic int g(void)\n{\n', 'case 1 ... 2:', 'typeof(x) ', 'SYSCALL_DEFINE1(a, int, b)\n{',
);
