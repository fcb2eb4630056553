/** Character classes for the lexical pass, indexed by code below 128. */
export const Class = {
  punctuation: 0,
  space: 1,
  newline: 2,
  identifier: 3,
  digit: 4,
  doubleQuote: 5,
  singleQuote: 6,
  slash: 7,
  hash: 8,
  backslash: 9,
} as const;

export const Code = {
  newline: 10,
  space: 32,
  doubleQuote: 34,
  hash: 35,
  ampersand: 38,
  singleQuote: 39,
  open: 40,
  close: 41,
  star: 42,
  comma: 44,
  minus: 45,
  dot: 46,
  slash: 47,
  colon: 58,
  semicolon: 59,
  less: 60,
  equals: 61,
  greater: 62,
  openSquare: 91,
  backslash: 92,
  closeSquare: 93,
  openBrace: 123,
  closeBrace: 125,
} as const;

export const classOf: Uint8Array = buildClasses();

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  // Control characters carry no meaning in C: a stray NUL or form feed separates tokens like a space.
  classes.fill(Class.space, 0, 33);
  classes[127] = Class.space;
  classes[Code.newline] = Class.newline;
  for (let code = 48; code <= 57; code++) classes[code] = Class.digit;
  for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] = Class.identifier;
  classes[95] = classes[36] = Class.identifier;
  classes[Code.doubleQuote] = Class.doubleQuote;
  classes[Code.singleQuote] = Class.singleQuote;
  classes[Code.slash] = Class.slash;
  classes[Code.hash] = Class.hash;
  classes[Code.backslash] = Class.backslash;
  return classes;
}

/** Class of any UTF-16 code unit; beyond ASCII everything but the byte order mark counts as a letter. */
export function classAt(code: number): number {
  return code < 128 ? (classOf[code] ?? Class.space) : code === 0xfeff ? Class.space : Class.identifier;
}

export function isIdentifierPart(code: number): boolean {
  const kind = classAt(code);
  return kind === Class.identifier || kind === Class.digit;
}
