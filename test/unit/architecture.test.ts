import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const serverRoot = path.resolve(import.meta.dirname, '../../server/src');
const clientRoot = path.resolve(import.meta.dirname, '../../client');

/** What each room may import besides itself, `util` and `protocol`: the table of ARCHITECTURE.md. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  util: [],
  protocol: [],
  syntax: [],
  kernel: [],
  facts: ['syntax', 'kernel'],
  resolve: ['facts', 'kernel'],
  allocator: [],
  recording: ['allocator'],
  machine: [],
  lifecycle: ['resolve', 'kernel', 'allocator'],
  strategy: ['lifecycle', 'resolve', 'kernel'],
  pricing: ['lifecycle', 'machine', 'allocator'],
  scenario: ['lifecycle', 'kernel'],
  profile: ['kernel', 'resolve', 'machine', 'lifecycle', 'scenario'],
  estimate: ['scenario', 'pricing', 'strategy', 'lifecycle', 'machine', 'allocator', 'resolve', 'kernel'],
  simulation: ['scenario', 'pricing', 'strategy', 'lifecycle', 'machine', 'allocator', 'kernel'],
  rules: ['facts', 'resolve', 'kernel', 'machine', 'profile'],
  workspace: ['syntax', 'facts', 'resolve', 'kernel', 'machine', 'estimate', 'profile'],
  features: [
    'kernel', 'facts', 'resolve', 'allocator', 'recording', 'machine', 'lifecycle', 'strategy', 'pricing',
    'scenario', 'profile', 'estimate', 'simulation', 'rules', 'workspace',
  ],
  lsp: ['features', 'workspace', 'profile', 'simulation', 'kernel', 'machine'],
  cli: ['scenario', 'features', 'workspace', 'recording', 'simulation', 'kernel', 'facts', 'allocator', 'machine', 'estimate', 'profile'],
};

/** Packages with a single door: the room that may import them. */
const doors: Readonly<Record<string, readonly string[]>> = {
  'tree-sitter': ['syntax'],
  'tree-sitter-c': ['syntax'],
  'toml-eslint-parser': ['profile'],
  'vscode-languageserver': ['lsp'],
  'vscode-languageserver-textdocument': ['lsp'],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function sourceFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => path.join(root, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const pattern = /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]|require\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    specifier: match[1] ?? match[2] ?? match[3] ?? match[4] ?? '',
  }));
}

function roomOf(file: string): string {
  const [first = ''] = path.relative(serverRoot, file).split(path.sep);
  return first.endsWith('.ts') ? 'main' : first;
}

const allImports = sourceFiles(serverRoot).flatMap(importsOf);

describe('the rooms of server/src', () => {
  it('finds the imports it is meant to check', () => {
    expect(allImports.length).toBeGreaterThan(20);
    expect(new Set(sourceFiles(serverRoot).map(roomOf)).size).toBeGreaterThan(5);
  });

  it('import only what the table allows', () => {
    const violations = allImports.flatMap(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return [];
      const room = roomOf(file);
      if (room === 'worker' || room === 'main') return [];
      const target = roomOf(path.resolve(path.dirname(file), specifier));
      const allowed = [room, 'util', 'protocol', ...(mayImport[room] ?? [])];
      const bottom = room === 'util' || room === 'protocol';
      const legal = bottom ? target === room : allowed.includes(target);
      return legal ? [] : [`${path.relative(serverRoot, file)} imports ${specifier}`];
    });
    expect(violations).toEqual([]);
  });

  it('are all in the table', () => {
    const rooms = new Set(sourceFiles(serverRoot).map(roomOf));
    const known = new Set([...Object.keys(mayImport), 'worker', 'main']);
    expect([...rooms].filter((room) => !known.has(room))).toEqual([]);
  });

  it('go through one door to each guarded package', () => {
    const violations = allImports.flatMap(({ file, specifier }) => {
      const name = Object.keys(doors).find((door) => specifier === door || specifier.startsWith(`${door}/`));
      return name === undefined || doors[name]?.includes(roomOf(file)) === true
        ? []
        : [`${path.relative(serverRoot, file)} imports ${specifier}`];
    });
    expect(violations).toEqual([]);
  });
});

describe('the client', () => {
  it('imports nothing of the server but protocol', () => {
    const violations = sourceFiles(clientRoot)
      .flatMap(importsOf)
      .filter(({ specifier }) => specifier.includes('server/') && !specifier.includes('server/src/protocol/'))
      .map(({ file, specifier }) => `${path.relative(clientRoot, file)} imports ${specifier}`);
    expect(violations).toEqual([]);
  });
});

describe('file names', () => {
  it('say one thing', () => {
    const vague = sourceFiles(serverRoot).concat(sourceFiles(clientRoot))
      .map((file) => path.basename(file))
      .filter((name) => /^(utils?|helpers?|misc|common)\b|manager/i.test(name));
    expect(vague).toEqual([]);
  });
});
