import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Data that does not ship with the project: recordings of a real kernel beside the checkout, and kernel source
 * trees unpacked by `scripts/prepare-kernels.sh`. Undefined where absent: the test then skips and says so;
 * with `PERCPU_LENS_REQUIRE_REFERENCE` set it fails instead.
 */
export function kernelData(...parts: string[]): string | undefined {
  const root = process.env['PERCPU_LENS_KERNEL_DATA'] ?? path.resolve(import.meta.dirname, '../../shared/kernel-data');
  return present(path.join(root, ...parts));
}

export function kernelTree(version: '6.12' | '6.1'): string | undefined {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  return present(path.join(cache, 'percpu-lens', `linux-source-${version}`));
}

function present(file: string): string | undefined {
  if (existsSync(file)) return file;
  const message = `reference data absent: ${file}`;
  if (process.env['PERCPU_LENS_REQUIRE_REFERENCE'] !== undefined) throw new Error(message);
  process.stderr.write(`SKIPPED, ${message}\n`);
  return undefined;
}
