import { spawn } from 'node:child_process';
import { UsageError } from './io';

export const serveUsage = 'serve --stdio [--no-cache]';

/** Runs the language server over standard input and output, until the client ends it. */
export function serveCommand(args: readonly string[], serverEntry: string): Promise<number> {
  if (args[0] !== '--stdio' || args.slice(1).some((arg) => arg !== '--no-cache')) throw new UsageError(`usage: percpu-lens ${serveUsage}`);
  return new Promise((resolve, reject) => {
    const server = spawn(process.execPath, [serverEntry, ...args], { stdio: 'inherit' });
    server.on('error', reject);
    server.on('exit', (code) => resolve(code ?? 0));
  });
}
