import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseConfiguration, type KernelConfiguration } from '../kernel/kconfig';

/** The configuration that sizes are for: the file that was named, else ROOT/.config, else the default. */
export function kernelConfiguration(root: string, named: string | null, byDefault: KernelConfiguration): KernelConfiguration {
  if (named !== null) return parseConfiguration(readFileSync(named, 'utf8'), path.basename(named));
  try {
    return parseConfiguration(readFileSync(path.join(root, '.config'), 'utf8'), '.config');
  } catch {
    return byDefault;
  }
}

/** Stands in until a configuration is named: no option set. */
export function defaultConfiguration(arch: 'x86_64' | 'arm64'): KernelConfiguration {
  return parseConfiguration('', `built-in default for ${arch}`);
}
