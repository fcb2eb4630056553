import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseConfiguration, type KernelConfiguration } from '../kernel/kconfig';
import { defaultKernelConfiguration } from '../kernel/kconfigDefault';
import type { KernelVersion } from '../kernel/version';
import { notModelledBecause } from '../kernel/modelled';
import { findRoot } from './kernelRoot';

/** A configuration file that was named and cannot be one; the message is for the person who named it. */
export class NoConfiguration extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoConfiguration';
  }
}

/** The configuration that sizes are for: the file that was named, else ROOT/.config, else the built-in default. */
export function kernelConfiguration(root: string, named: string | null, arch: 'x86_64' | 'arm64'): KernelConfiguration {
  return configurationFor({ kconfig: named, dotConfig: dotConfigOf(root), arch, version: findRoot(root).kernel });
}

export interface ConfigurationChoice {
  readonly kconfig: string | null;
  readonly dotConfig: string | undefined;
  readonly arch: 'x86_64' | 'arm64';
  readonly version: KernelVersion | null;
}

export function configurationFor({ kconfig, dotConfig, arch, version }: ConfigurationChoice): KernelConfiguration {
  if (kconfig !== null) return namedConfiguration(kconfig);
  return dotConfig === undefined ? defaultKernelConfiguration(arch, version ?? undefined) : parseConfiguration(dotConfig, '.config');
}

/** Text of the `.config` of a root; undefined where there is none. */
export function dotConfigOf(root: string): string | undefined {
  return readText(path.join(root, '.config'));
}

/** Why times of this configuration are not modelled; null where they are. Bytes and paths hold either way. */
export function timesNotModelled({ macros }: KernelConfiguration): string | null {
  return notModelledBecause((name) => macros.has(name)) ?? null;
}

function namedConfiguration(file: string): KernelConfiguration {
  const text = readText(file);
  if (text === undefined) throw new NoConfiguration(`${file} cannot be read`);
  const configuration = parseConfiguration(text, path.basename(file));
  if (configuration.macros.size === 0) throw new NoConfiguration(`${file} sets no CONFIG_ option: it is no kernel configuration`);
  return configuration;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
