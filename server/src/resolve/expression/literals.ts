import { unresolved } from '../unresolved';
import type { Expression } from './expression';

const int32 = 1n << 31n;
const uint32 = 1n << 32n;
const int64 = 1n << 63n;

/** The value and type of an integer literal by the rules of C (LP64); a floating one is unresolved. */
export function numberOf(text: string): Expression {
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/.exec(text);
  if (match === null) return unresolved(`'${text}' is no integer`);
  const digits = match[1] ?? '0';
  const octal = /^0\d+$/.test(digits);
  if (octal && /[89]/.test(digits)) return unresolved(`'${text}' is no integer`);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  return { kind: 'number', value, type: literalType(value, (match[2] ?? '').toLowerCase(), /^[1-9]/.test(digits)) };
}

function literalType(value: bigint, suffix: string, decimal: boolean): string {
  const unsigned = suffix.includes('u');
  const long = suffix.includes('ll') ? 'long long' : 'long';
  if (!suffix.includes('l')) {
    if (!unsigned && value < int32) return 'int';
    if ((unsigned || !decimal) && value < uint32) return 'unsigned int';
  }
  return unsigned || value >= int64 ? `unsigned ${long}` : long;
}

const escapes: Readonly<Record<string, bigint>> = {
  n: 10n, t: 9n, r: 13n, a: 7n, b: 8n, f: 12n, v: 11n, e: 27n,
};

/** The value of a character literal; several characters as GNU C counts them. */
export function characterValue(text: string): bigint {
  return charactersOf(text).reduce((value, code) => (value << 8n) | code, 0n);
}

/** Characters of a string literal without its closing NUL. */
export function stringLength(text: string): number {
  return charactersOf(text).length;
}

function charactersOf(text: string): bigint[] {
  const codes: bigint[] = [];
  const pattern = /\\x([0-9a-fA-F]+)|\\([0-7]{1,3})|\\([\s\S])|([\s\S])/g;
  for (const [, hexadecimal, octal, escape, plain] of text.slice(1, -1).matchAll(pattern)) {
    if (hexadecimal !== undefined) codes.push(BigInt(`0x${hexadecimal}`) & 255n);
    else if (octal !== undefined) codes.push(BigInt(`0o${octal}`) & 255n);
    else codes.push(escapes[escape ?? ''] ?? BigInt((escape ?? plain ?? '\0').charCodeAt(0)));
  }
  return codes;
}
