import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const files = ['package.json', 'package.nls.json', 'l10n/bundle.l10n.json'];

function read(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
}

describe('words that people read', () => {
  it('are all in the files that translations start from', () => {
    const copy = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-l10n-'));
    try {
      for (const name of ['client/src', 'scripts', ...files]) {
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

  it('have no empty place', () => {
    const words = Object.entries(read(root, 'package.nls.json') as Record<string, string>);
    expect(words.length).toBeGreaterThan(30);
    expect(words.filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
