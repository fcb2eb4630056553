/**
 * How a kernel tree is divided: programs of user space beside the kernel, architectures of which a build has one,
 * subsystems by folder. Paths are relative to the root.
 */

/** Folders whose sources are linked into programs of their own, one a sub-folder. */
const programFolders: ReadonlySet<string> = new Set(['tools', 'scripts', 'samples', 'usr', 'Documentation']);

/** Folders of the architectures that are modelled; others count only for their own code. */
const modelledArchitectures: ReadonlySet<string> = new Set(['x86', 'arm64']);

/** Where in the tree a file is. */
export interface Place {
  /** `tools/perf` and the like; null for the kernel itself. */
  readonly program: string | null;
  /** `x86` of `arch/x86/mm/fault.c`; null for code of all architectures. */
  readonly architecture: string | null;
  readonly subsystem: string;
}

export function placeOf(file: string): Place {
  return { program: programOf(file), architecture: architectureOf(file), subsystem: subsystemOf(file) };
}

/** True where code of one file can call functions of another in some build. */
export function mayLink(place: Place, other: Place): boolean {
  return place.program === other.program && sameBuild(place.architecture, other.architecture);
}

function programOf(file: string): string | null {
  const [first = '', second = ''] = file.split('/', 2);
  return programFolders.has(first) ? `${first}/${second}` : null;
}

function architectureOf(file: string): string | null {
  if (!file.startsWith('arch/')) return null;
  return file.slice('arch/'.length, file.indexOf('/', 'arch/'.length));
}

/** True where a build can have both; null stands for code of all architectures. */
export function sameBuild(architecture: string | null, other: string | null): boolean {
  return architecture === null || other === null || architecture === other;
}

/** True where a caller in that architecture says something about code of all architectures. */
export function isModelled(architecture: string | null): boolean {
  return architecture === null || modelledArchitectures.has(architecture);
}

/** `fs/ext4` of `fs/ext4/super.c`, `kernel` of `kernel/fork.c`; headers below include/ are one. */
export function subsystemOf(file: string): string {
  const parts = file.split('/');
  if (parts[0] === 'include') return 'include';
  return parts.length <= 2 ? (parts[0] ?? '') : `${parts[0] ?? ''}/${parts[1] ?? ''}`;
}

/** True for code that drives devices. */
export function isDriver(file: string): boolean {
  return /^(drivers|sound)\//.test(file);
}

/** True for code that any kernel may run, whatever its devices and architecture. */
export function isCore(file: string): boolean {
  return !/^(drivers|sound|arch)\//.test(file) || /^arch\/(x86|arm64)\//.test(file);
}
