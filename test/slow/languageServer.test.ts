import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProtocolConnection, ResponseError, type ProtocolConnection } from 'vscode-languageserver-protocol/node';
import type { CodeAction, Diagnostic, DocumentDiagnosticReport, Hover, InitializeResult, InlayHint } from 'vscode-languageserver-protocol';

const repository = path.resolve(import.meta.dirname, '../..');
const server = path.join(repository, 'dist/server.cjs');
const workspace = path.join(repository, 'samples/workspace');
const uriOf = (file: string): string => pathToFileURL(path.join(workspace, file)).toString();
const tunnel = 'drivers/net/sample_tunnel.c';

interface Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly initialized: InitializeResult;
  /** Diagnostics as they were sent, the last of each document. */
  readonly sent: Map<string, { readonly version?: number; readonly diagnostics: readonly Diagnostic[] }>;
  readonly open: (file: string) => string;
}

let running: Client | undefined;
/** A server that is gone answers nothing. */
const patience = 40_000;

/** Any editor: it says what it can, and the server is to make do with that. */
async function startClient(textDocument: object): Promise<Client> {
  const process = spawn('node', [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(process.stdout, process.stdin);
  const sent: Client['sent'] = new Map();
  connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => void sent.set(params.uri, params));
  connection.listen();
  const initialized = await connection.sendRequest<InitializeResult>('initialize', {
    processId: null, rootUri: null, capabilities: { textDocument }, workspaceFolders: [{ uri: pathToFileURL(workspace).toString(), name: 'sample' }],
  });
  await connection.sendNotification('initialized', {});
  running = {
    connection, process, initialized, sent,
    open: (file) => {
      const uri = uriOf(file);
      void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text: readFileSync(path.join(workspace, file), 'utf8') } });
      return uri;
    },
  };
  return running;
}

beforeAll(() => {
  if (!existsSync(server)) throw new Error(`${server} is absent; run: npm run build`);
});
afterEach(() => {
  running?.connection.dispose();
  running?.process.kill();
  running = undefined;
});

function lineOf(file: string, text: string): number {
  return readFileSync(path.join(workspace, file), 'utf8').split('\n').findIndex((line) => line.includes(text));
}

const placeIn = (file: string, word: string) => {
  const line = lineOf(file, word);
  return { line, character: (readFileSync(path.join(workspace, file), 'utf8').split('\n')[line] ?? '').indexOf(word) + 1 };
};

describe('an editor that can little', { timeout: patience }, () => {
  it('is sent diagnostics with the version they are for, and hovers as plain text without links', async () => {
    const { connection, initialized, sent, open } = await startClient({});
    expect(initialized.capabilities.diagnosticProvider).toBeUndefined();
    const uri = open(tunnel);
    await expect.poll(() => sent.get(uri)?.diagnostics.map(({ code }) => code), { timeout: 20_000 }).toEqual(['sleep-in-atomic', 'missing-release']);
    expect(sent.get(uri)?.version).toBe(1);
    expect(sent.get(uri)?.diagnostics[0]?.relatedInformation).toBeUndefined();
    const hover = await connection.sendRequest<Hover>('textDocument/hover', { textDocument: { uri }, position: placeIn(tunnel, 'percpu_counter_init(') });
    expect(hover.contents).toMatchObject({ kind: 'plaintext' });
    expect(JSON.stringify(hover.contents)).not.toMatch(/command:|\*\*/);
    expect(await connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } }, context: { diagnostics: [] } })).toEqual([]);
    await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await expect.poll(() => sent.get(uri)?.diagnostics).toEqual([]);
  });

  it('switches what is shown by commands', async () => {
    const { connection, open } = await startClient({});
    const uri = open('kernel/fork.c');
    const hints = (): Promise<InlayHint[]> => connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 200, character: 0 } } });
    await expect.poll(async () => (await hints()).map(({ label }) => label), { timeout: 20_000 }).toContain('4 KiB · every fork and exec');
    expect((await hints()).every(({ tooltip }) => tooltip === undefined)).toBe(true);
    await connection.sendRequest('workspace/executeCommand', { command: 'percpuLens.switchInlayHints' });
    expect(await hints()).toEqual([]);
    await connection.sendRequest('workspace/executeCommand', { command: 'percpuLens.switchInlayHints' });
    expect((await hints()).length).toBeGreaterThan(0);
  });
});

describe('an editor that asks for diagnostics and takes code actions', { timeout: patience }, () => {
  const abilities = { diagnostic: { relatedInformation: true }, codeAction: { codeActionLiteralSupport: {} }, hover: { contentFormat: ['markdown'] } };

  it('has them once asked, unchanged where they are, with places and fixes', async () => {
    const { connection, initialized, sent, open } = await startClient(abilities);
    expect(initialized.capabilities.diagnosticProvider).toBeDefined();
    const uri = open(tunnel);
    const ask = (previousResultId?: string): Promise<DocumentDiagnosticReport> => connection.sendRequest('textDocument/diagnostic', { textDocument: { uri }, ...(previousResultId === undefined ? {} : { previousResultId }) });
    const first = await ask();
    if (first.kind !== 'full') throw new Error('not full');
    const [sleeping] = first.items;
    expect(first.items.map(({ code }) => code)).toEqual(['sleep-in-atomic', 'missing-release']);
    expect(sleeping?.relatedInformation?.[0]?.location.range.start.line).toBe(lineOf(tunnel, 'spin_lock_bh'));
    expect((await ask(first.resultId)).kind).toBe('unchanged');
    expect(sent.has(uri)).toBe(false);

    const { range } = sleeping!;
    const actions = await connection.sendRequest<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [sleeping], only: ['quickfix'] } });
    expect(actions.map(({ title }) => title)).toEqual(['Ask for memory that is at hand: GFP_ATOMIC', 'Ignore sleep-in-atomic here: write the reason into the comment']);
    expect(actions[0]?.edit?.changes?.[uri]?.[0]?.newText).toBe('alloc_percpu_gfp(struct tunnel_stats, GFP_ATOMIC)');
    expect(actions[1]?.edit?.changes?.[uri]?.[0]).toMatchObject({ range: { start: { line: range.start.line, character: 0 } }, newText: '\t/* percpu-lens: ignore sleep-in-atomic: */\n' });

    const line = { line: range.start.line, character: 0 };
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ range: { start: line, end: line }, text: '\t/* percpu-lens: ignore sleep-in-atomic: a sample */\n' }] });
    const second = await ask(first.resultId);
    expect(second.kind === 'full' && second.items.map(({ code }) => code)).toEqual(['missing-release']);
  });

  it('is offered switches among source actions, and nowhere but at percpu calls unasked', async () => {
    const { connection, open } = await startClient(abilities);
    const uri = open('kernel/fork.c');
    const titles = async (position: { line: number; character: number }, only?: string[]): Promise<string[]> =>
      (await connection.sendRequest<CodeAction[]>('textDocument/codeAction', { textDocument: { uri }, range: { start: position, end: position }, context: { diagnostics: [], ...(only === undefined ? {} : { only }) } })).map(({ title }) => title);
    expect(await titles({ line: 0, character: 0 })).toEqual([]);
    expect(await titles({ line: 0, character: 0 }, ['source'])).toContain('Percpu Lens: Hide percpu inlay hints');
    expect(await titles(placeIn('kernel/fork.c', 'percpu_counter_init_many'))).toContain('Percpu Lens: Hide percpu code lenses');
  });
});

it('answers each request once, whatever is cancelled, while the document is typed into', { timeout: patience }, async () => {
  const { connection, open } = await startClient({ diagnostic: {}, hover: { contentFormat: ['markdown'] } });
  const uri = open('kernel/fork.c');
  const { CancellationTokenSource } = await import('vscode-languageserver-protocol/node');
  const answers = Array.from({ length: 300 }, async (_, at) => {
    const source = new CancellationTokenSource();
    if (at % 10 === 0) void connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: at + 2 }, contentChanges: [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, text: ' ' }] });
    const method = ['textDocument/hover', 'textDocument/inlayHint', 'textDocument/codeLens', 'textDocument/diagnostic'][at % 4] ?? '';
    const position = placeIn('kernel/fork.c', 'percpu_counter_init_many');
    const answer = connection.sendRequest(method, { textDocument: { uri }, position, range: { start: { line: 0, character: 0 }, end: position } }, source.token);
    if (at % 3 === 0) source.cancel();
    return answer.then(() => 'answered', (error: unknown) => (error instanceof ResponseError && (error.code === -32800 || error.code === -32802) ? 'cancelled' : `failed: ${String(error)}`));
  });
  const outcomes = await Promise.all(answers);
  expect(outcomes.filter((outcome) => outcome.startsWith('failed'))).toEqual([]);
  expect(outcomes.filter((outcome) => outcome === 'answered').length).toBeGreaterThan(100);
});
