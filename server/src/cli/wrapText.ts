/** Stands for the spaces inside a quantity (`2.3 – 5.7 µs`) while lines are made. */
const glue = '\0';

/**
 * Lines of at most `width` columns, the first with its bullet, the others below its text; a word that is longer is broken
 * where a path can be, a quantity not at all.
 */
export function wrapText(text: string, width: number, bullet = ''): string {
  const indent = ' '.repeat(bullet.length);
  const lines: string[] = [];
  let line = bullet;
  let isEmpty = true;
  const words = text.replace(/(?<=\d) (?=(?:[KMG]i)?B\b|[nuµm]?s\b|–)|(?<=–) (?=\d)/g, glue).split(' ');
  for (const word of words.flatMap((one) => pieces(one, width - bullet.length))) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += `${isEmpty ? '' : ' '}${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((one) => `${one.trimEnd()}\n`).join('').replaceAll(glue, ' ');
}

function pieces(word: string, most: number): string[] {
  if (word.length <= most) return [word];
  const cut = word.lastIndexOf('/', most - 1);
  const at = cut > 0 ? cut + 1 : most;
  return [word.slice(0, at), ...pieces(word.slice(at), most)];
}
