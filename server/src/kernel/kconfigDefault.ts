import type { Architecture } from './abi';
import { atLeast, kernelVersion, type KernelVersion } from './version';
import type { KernelConfiguration } from './kconfig';
import { arm64Options, commonOptions, type DefaultOptions, x86Options } from './kconfigDefaultOptions';

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function set(macros: Map<string, string>, { builtIn, modules, values }: DefaultOptions): void {
  for (const name of words(builtIn)) macros.set(`CONFIG_${name}`, '1');
  for (const name of words(modules)) macros.set(`CONFIG_${name}_MODULE`, '1');
  for (const [name, value] of Object.entries(values)) macros.set(`CONFIG_${name}`, value);
}

/**
 * The configuration where a tree has none: an SMP kernel as distributions build it, with 4 KiB pages, without
 * debugging options that change layouts (lockdep, KASAN), without PREEMPT_RT.
 */
export function defaultKernelConfiguration(architecture: Architecture, version?: KernelVersion): KernelConfiguration {
  const macros = new Map<string, string>();
  // A number until 6.9, an option since.
  if (version !== undefined && !atLeast(version, kernelVersion(6, 10))) macros.set('CONFIG_BASE_SMALL', '0');
  set(macros, commonOptions);
  set(macros, architecture === 'x86_64' ? x86Options : arm64Options);
  return { macros, source: `the built-in default for ${architecture}` };
}
