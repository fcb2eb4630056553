import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { seeded } from '../seeded';
import { startClient, type LanguageClient } from './languageClient';
import { quantile, residentBelow, residentOf } from './measuring';

/** What the editor waits for, over the real server. Times in ms. */
export interface Editing {
  readonly parseP95: number;
  readonly editP95: number;
  readonly hoverIdleP95: number;
  readonly hoverIndexingP95: number;
  readonly switchMachineMs: number;
  readonly reportMs: number;
  readonly serverBytes: number;
  readonly allBytes: number;
  /** Growth of all processes' memory from the 500th edit to the last, as a share. */
  readonly editGrowth: number;
  readonly edits: number;
}

export interface EditingOptions {
  readonly tree: string;
  readonly serverEntry: string;
  readonly scratch: string;
  readonly file: string;
  readonly samples: number;
  readonly edits: number;
}

export async function measureEditing(options: EditingOptions): Promise<Editing> {
  const { tree, file, samples, scratch, serverEntry, edits } = options;
  const text = readFileSync(path.join(tree, file), 'utf8');
  const environment = { XDG_CACHE_HOME: path.join(scratch, 'editor-cache') };
  rmSync(environment.XDG_CACHE_HOME, { recursive: true, force: true });
  const client = await startClient(serverEntry, tree, environment);
  try {
    const ready = client.notified((method, params) => method === 'percpuLens/status' && (params as { state: string }).state === 'ready');
    client.open(file, text);
    const indexing = await hoverUntil(client, tree, file, text, ready);
    const idle = await timed(samples, () => hover(client, tree, file, text));
    const lines = text.split('\n');
    const anywhere = seeded(1);
    const edited: number[] = [];
    const parsed: number[] = [];
    const parse = parserOf(text);
    let early = 0;
    let place = { line: 0, character: 0 };
    for (let edit = 0; edit < edits; edit++) {
      // One more character anywhere, and one less in turn, so that the text stays C.
      const isOneMore = edit % 2 === 0;
      if (isOneMore) place = placeIn(lines, anywhere);
      const { line, character } = place;
      const before = process.hrtime.bigint();
      client.change(file, line, character, isOneMore ? character : character + 1, isOneMore ? 'x' : '');
      await client.request('textDocument/inlayHint', { textDocument: { uri: uriOf(tree, file) }, range: { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } } });
      edited.push(Number(process.hrtime.bigint() - before) / 1e6);
      // In between, so that what else the machine does meets both.
      if (edit % Math.ceil(edits / samples) === 0) parsed.push(parse());
      if (edit === Math.min(500, edits - 1)) early = memoryOf(client);
    }
    const late = memoryOf(client);
    const report = await timed(1, () => client.request('percpuLens/report', {}));
    const switched = await timed(1, async () => {
      await client.request('percpuLens/setMachine', { name: 'server-512' });
      await client.request('percpuLens/report', {});
    });
    return {
      parseP95: quantile(parsed, 0.95),
      editP95: quantile(edited, 0.95),
      hoverIdleP95: quantile(idle, 0.95),
      hoverIndexingP95: quantile(indexing, 0.95),
      switchMachineMs: switched[0] ?? NaN,
      reportMs: report[0] ?? NaN,
      serverBytes: residentOf(client.pid),
      allBytes: memoryOf(client),
      editGrowth: late / early - 1,
      edits,
    };
  } finally {
    client.stop();
  }
}

function placeIn(lines: readonly string[], random: () => number): { readonly line: number; readonly character: number } {
  const line = Math.floor(random() * lines.length);
  return { line, character: Math.floor(random() * ((lines[line]?.length ?? 0) + 1)) };
}

/** One full native parse of the text, as written; ms. */
function parserOf(text: string): () => number {
  const load = createRequire(path.resolve('package.json'));
  const Parser = load('tree-sitter') as new () => { setLanguage(language: unknown): void; parse(read: (at: number) => string): unknown };
  const parser = new Parser();
  parser.setLanguage(load('tree-sitter-c'));
  return () => {
    const start = process.hrtime.bigint();
    parser.parse((at) => text.slice(at, at + 16_384));
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
}

function memoryOf({ pid }: LanguageClient): number {
  return residentOf(pid) + residentBelow(pid);
}

function uriOf(tree: string, file: string): string {
  return `file://${path.join(tree, file)}`;
}

/** Hovers over the first percpu call that the file has. */
function hover(client: LanguageClient, tree: string, file: string, text: string): Promise<unknown> {
  const offset = text.search(/\b(?:__)?alloc_percpu\w*\s*\(|\bpercpu_counter_init/);
  const line = text.slice(0, Math.max(0, offset)).split('\n').length - 1;
  const character = Math.max(0, offset) - text.lastIndexOf('\n', Math.max(0, offset - 1)) - 1;
  return client.request('textDocument/hover', { textDocument: { uri: uriOf(tree, file) }, position: { line, character } });
}

async function hoverUntil(client: LanguageClient, tree: string, file: string, text: string, done: Promise<void>): Promise<number[]> {
  const state = { isDone: false };
  void done.then(() => (state.isDone = true));
  const times: number[] = [];
  // The first waits for the first reading of the headers.
  await hover(client, tree, file, text);
  while (!state.isDone) {
    times.push(...(await timed(1, () => hover(client, tree, file, text))));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times;
}

async function timed(samples: number, task: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const start = process.hrtime.bigint();
    await task();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return times;
}
