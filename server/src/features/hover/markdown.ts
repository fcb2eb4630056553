import type { Block, Link, Page, Phrase } from './page';

/** Markdown with tables, as VS Code shows it. `links`: the client runs `command:` links. */
export function markdownOf(page: Page, links: boolean): string {
  return page.flatMap((block) => (block.kind === 'links' && !links ? [] : [blockOf(block)])).join('\n\n');
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `**Percpu Lens** ${phraseOf(block.phrase)}`;
    case 'lines':
      return block.lines.map(phraseOf).join('  \n');
    case 'table':
      return tableOf(block.head.map(phraseOf), block.rows.map((row) => row.map(phraseOf)));
    case 'note':
      return `*${phraseOf(block.phrase)}*`;
    case 'links':
      return block.links.map(linkOf).join(' · ');
  }
}

function phraseOf(phrase: Phrase): string {
  return phrase.map((piece) => (typeof piece === 'string' ? escaped(piece) : 'code' in piece ? codeOf(piece.code) : `**${escaped(piece.strong)}**`)).join('');
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function linkOf({ title, command, argument }: Link): string {
  return `[${escaped(title)}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}

/** No character of the source is to act as Markdown or HTML. */
function escaped(raw: string): string {
  return raw.replace(/[ \t\r\n\f\v]+/g, ' ').replace(/[\\`*_{}[\]#|<>&~]/g, (character) => (character === '<' ? '&lt;' : character === '&' ? '&amp;' : `\\${character}`));
}

function codeOf(raw: string): string {
  const flat = raw.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const fence = flat.includes('`') ? '``' : '`';
  return `${fence}${flat}${fence}`;
}
