import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** A client of the language server over stdio that says no more than the bench needs. */
export interface LanguageClient {
  readonly pid: number;
  open(file: string, text: string): void;
  /** Replaces the characters from one offset of a line to another. */
  change(file: string, line: number, from: number, to: number, text: string): void;
  request(method: string, params: unknown): Promise<unknown>;
  /** Resolves when a notification comes that the test accepts. */
  notified(test: (method: string, params: unknown) => boolean): Promise<void>;
  stop(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

export async function startClient(serverEntry: string, root: string, environment: Readonly<Record<string, string>>, further: readonly string[] = []): Promise<LanguageClient> {
  const child = spawn(process.execPath, [serverEntry, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...environment } });
  const waiting = new Map<number, (result: unknown) => void>();
  const listeners: { readonly test: (method: string, params: unknown) => boolean; readonly done: () => void }[] = [];
  let lastId = 0;
  let version = 1;
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++lastId;
      waiting.set(id, resolve);
      send({ id, method, params });
    });
  readMessages(child.stdout, (message) => {
    if (message.method === undefined) waiting.get(message.id ?? -1)?.(message.result);
    else if (message.id !== undefined) send({ id: message.id, result: message.method === 'workspace/configuration' ? [{}] : null });
    else for (const { test, done } of listeners) if (test(message.method, message.params)) done();
  });
  const folder = pathToFileURL(root).href;
  await request('initialize', {
    processId: process.pid, rootUri: folder, capabilities: {}, workspaceFolders: [folder, ...further.map((one) => pathToFileURL(one).href)].map((uri) => ({ uri, name: uri })), initializationOptions: { notifications: true },
  });
  send({ method: 'initialized', params: {} });
  const uriOf = (file: string): string => `${folder}/${file}`;
  return {
    pid: child.pid ?? 0,
    request,
    open: (file, text) => send({ method: 'textDocument/didOpen', params: { textDocument: { uri: uriOf(file), languageId: 'c', version, text } } }),
    change: (file, line, from, to, text) => send({
      method: 'textDocument/didChange',
      params: {
        textDocument: { uri: uriOf(file), version: ++version },
        contentChanges: [{ range: { start: { line, character: from }, end: { line, character: to } }, text }],
      },
    }),
    notified: (test) => new Promise((resolve) => listeners.push({ test, done: resolve })),
    stop: () => void child.kill('SIGKILL'),
  };
}

function readMessages(stream: NodeJS.ReadableStream, onMessage: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const headEnd = buffer.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('latin1', 0, headEnd))?.[1] ?? 0);
      if (buffer.length < headEnd + 4 + length) return;
      onMessage(JSON.parse(buffer.toString('utf8', headEnd + 4, headEnd + 4 + length)) as Message);
      buffer = buffer.subarray(headEnd + 4 + length);
    }
  });
}
