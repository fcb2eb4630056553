import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { extensionsVariable, installExtension } from './codeServer';

/** Set-up of a run of the editor's tests: to install the extension takes as long as to start a server, and is the same for all of them. */
export default function installOnce(): () => void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-extensions-'));
  installExtension(folder);
  process.env[extensionsVariable] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
