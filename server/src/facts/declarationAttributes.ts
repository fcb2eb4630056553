import { closingBracket, type Token, textOf } from './cTokens';

/** What attributes say about layout: packed, and each alignment as written (empty: the target's largest). */
export interface Attributes {
  readonly packed: boolean;
  readonly aligned: readonly string[];
  /** An attribute that makes another type of what is declared, `vector_size(16)` or `mode(TI)`; null without one. */
  readonly retype: string | null;
}

export const noAttributes: Attributes = { packed: false, aligned: [], retype: null };

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

function text(reader: Reader, ahead = 0): string {
  return reader.tokens[reader.at + ahead]?.text ?? '';
}

/** Annotations of the kernel that mean an alignment, as facts keep them before macros are expanded. */
const cachelineAnnotations = /^_{4}cacheline_(?:internodealigned|aligned)(?:_in_smp)?$|^__randomized_struct_aligned$/;

function isAttributeName(name: string): boolean {
  return /^__attribute(?:__)?$|^__aligned$|^__packed$|^__counted_by/.test(name) || cachelineAnnotations.test(name);
}

/** Reads one attribute, in GNU syntax or by the kernel's names, and adds it; undefined where there is none. */
export function attribute(reader: Reader, to: Attributes): Attributes | undefined {
  const name = text(reader);
  if (name === '__attribute__' || name === '__attribute') return gnuAttribute(reader, to);
  if (name === '_Alignas' || name === '__aligned') return aligned(to, argument(reader));
  if (name === '__packed') {
    reader.at += 1;
    return { ...to, packed: true };
  }
  if (name === 'asm' || name === '__asm__' || name === '__asm' || name === '__declspec') {
    argument(reader);
    return to;
  }
  if (!cachelineAnnotations.test(name)) return undefined;
  reader.at += 1;
  return aligned(to, name);
}

function aligned(to: Attributes, expression: string): Attributes {
  return { ...to, aligned: [...to.aligned, expression] };
}

/** Reads a name with its parenthesised argument, if any. */
function argument(reader: Reader): string {
  reader.at += 1;
  if (text(reader) !== '(') return '';
  const close = closingBracket(reader.tokens, reader.at);
  const inside = textOf(reader.tokens.slice(reader.at + 1, close));
  reader.at = close + 1;
  return inside;
}

function gnuAttribute(reader: Reader, to: Attributes): Attributes {
  reader.at += 1;
  if (text(reader) !== '(') return to;
  const close = closingBracket(reader.tokens, reader.at);
  const inner: Reader = { tokens: reader.tokens.slice(reader.at + 2, close - 1), at: 0 };
  reader.at = close + 1;
  let result = to;
  while (inner.at < inner.tokens.length) {
    const name = text(inner).replace(/^__(.*)__$/, '$1');
    const value = argument(inner);
    if (name === 'packed') result = { ...result, packed: true };
    else if (name === 'aligned') result = aligned(result, value);
    else if (name === 'vector_size' || name === 'mode') result = { ...result, retype: `${name}(${value})` };
  }
  return result;
}

/** An identifier that stands where no name can: an annotation that a macro would remove (`__rcu`, `__percpu`). */
export function isAnnotation(reader: Reader): boolean {
  const name = text(reader);
  if (!name.startsWith('__')) return false;
  const next = reader.tokens[reader.at + 1];
  return next?.text === '*' || (next?.kind === 'identifier' && !isAttributeName(next.text));
}
