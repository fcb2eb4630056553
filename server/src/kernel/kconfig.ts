/** A kernel configuration as the preprocessor sees it: `CONFIG_X` or `CONFIG_X_MODULE` → its macro's body. */
export interface KernelConfiguration {
  readonly macros: ReadonlyMap<string, string>;
  /** Where it is from, for reasons: a file name, or words for the built-in default. */
  readonly source: string;
}

/** The macros of `include/generated/autoconf.h` as `scripts/kconfig` writes them from one `.config` line. */
function macroOf(name: string, value: string): readonly [string, string] | undefined {
  if (value === 'y') return [name, '1'];
  if (value === 'm') return [`${name}_MODULE`, '1'];
  if (value === 'n' || value === '') return undefined;
  return [name, value];
}

/** Reads the text of a `.config`; lines that are no assignment are comments. */
export function parseConfiguration(text: string, source: string): KernelConfiguration {
  const macros = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^(CONFIG_\w+)=(.*?)\r?$/.exec(line);
    const macro = match === null ? undefined : macroOf(match[1] ?? '', match[2] ?? '');
    if (macro !== undefined) macros.set(macro[0], macro[1]);
  }
  return { macros, source };
}

/** `y`, `m` or absent, as Kbuild's `$(CONFIG_X)` has it; a string or number counts as `y`. */
export function tristate(configuration: KernelConfiguration, name: string): 'y' | 'm' | 'n' {
  if (configuration.macros.has(name)) return 'y';
  return configuration.macros.has(`${name}_MODULE`) ? 'm' : 'n';
}
