import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The C files below a folder, relative to it with `/`, sorted; symbolic links are not followed. */
export function listFiles(root: string): string[] {
  const found: string[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) waiting.push(name);
      else if (entry.isFile() && /\.[ch]$/.test(entry.name)) found.push(name);
    }
  }
  return found.sort();
}
