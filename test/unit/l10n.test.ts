import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const files = ['package.json', 'package.nls.json', 'l10n/bundle.l10n.json'];

/** What goes into files for lists and other tools is English, as the command line writes it; product and format names are no words. */
const english = /^src\/(reportHtml|reportSarif|reportText|exportRows|diagnosis|languageClient)\.ts$/;
const names = /^(Percpu Lens|CSV|JSON|SVG|PNG|HTML|SARIF|Markdown|SVG )$/;
/** Functions of the report whose first argument is a title. */
const titled = new Set(['section', 'steps', 'list', 'compared']);
const shownAttributes = new Set(['aria-label', 'aria-roledescription', 'placeholder', 'title', 'placeHolder', 'prompt', 'detail', 'description', 'label']);

/** Texts that a call or assignment shows to people without having looked them up, with their places. */
function rawTexts(): string[] {
  const folder = path.join(root, 'client');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && !english.test(name))
    .flatMap((name) => rawIn(name, ts.createSourceFile(name, readFileSync(path.join(folder, name), 'utf8'), ts.ScriptTarget.ES2022, true)));
}

function rawIn(name: string, source: ts.SourceFile): string[] {
  const found: string[] = [];
  const take = (shown: ts.Node): void => {
    if (ts.isConditionalExpression(shown)) [shown.whenTrue, shown.whenFalse].forEach(take);
    const text = ts.isStringLiteralLike(shown) ? shown.text : ts.isTemplateExpression(shown) ? [shown.head, ...shown.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join(' ') : '';
    if (/[A-Za-z]{3}/.test(text.replaceAll('Percpu Lens: ', '')) && !names.test(text)) found.push(`${name}:${String(source.getLineAndCharacterOfPosition(shown.getStart()).line + 1)}: ${text}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText(source);
      if (called === 'element') node.arguments.slice(2).forEach(take);
      if (called === 'button' || (name.startsWith('views/report/') && titled.has(called))) node.arguments.slice(0, 1).forEach(take);
      if (/\.(showInformationMessage|showWarningMessage|showErrorMessage|setStatusBarMessage)$/.test(called)) node.arguments.forEach(take);
    }
    if (ts.isPropertyAssignment(node) && shownAttributes.has(node.name.getText(source).replaceAll("'", ''))) take(node.initializer);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && /\.(textContent|tooltip)$/.test(node.left.getText(source))) take(node.right);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function read(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
}

describe('words that people read', () => {
  it('are all in the files that translations start from', () => {
    const copy = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-l10n-'));
    try {
      for (const name of ['client', 'scripts', ...files]) {
        mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
        cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
      }
      symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
      execFileSync(process.execPath, [path.join(copy, 'scripts/writeL10n.mjs')]);
      for (const file of files) expect(read(root, file), 'run: node scripts/writeL10n.mjs').toEqual(read(copy, file));
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it('are looked up wherever they are shown', () => {
    expect(rawTexts()).toEqual([]);
  });

  it('have no empty place', () => {
    const words = Object.entries(read(root, 'package.nls.json') as Record<string, string>);
    expect(words.length).toBeGreaterThan(30);
    expect(words.filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
