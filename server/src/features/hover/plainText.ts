import type { Block, Page, Phrase } from './page';

/** The same page for clients that show no Markdown: columns of tables are aligned by spaces. Nothing in it is a link. */
export function plainTextOf(page: Page): string {
  return page.flatMap((block) => (block.kind === 'links' ? [] : [blockOf(block)])).join('\n\n');
}

function blockOf(block: Exclude<Block, { kind: 'links' }>): string {
  switch (block.kind) {
    case 'title':
      return `Percpu Lens: ${phraseOf(block.phrase)}`;
    case 'lines':
      return block.lines.map(phraseOf).join('\n');
    case 'table':
      return columnsOf([block.head, ...block.rows].map((row) => row.map(phraseOf)));
    case 'note':
      return phraseOf(block.phrase);
  }
}

function phraseOf(phrase: Phrase): string {
  return phrase.map((piece) => (typeof piece === 'string' ? piece : 'code' in piece ? piece.code : piece.strong)).join('').replace(/\s+/g, ' ');
}

function columnsOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}
