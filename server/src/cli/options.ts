import { existsSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ApiFamily } from '../kernel/api';
import { parseKernelVersion, type KernelVersion } from '../kernel/version';
import { parseCpuCount } from '../machine/cpuCount';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import type { Profile } from '../profile/profile';
import { problemLine } from '../workspace/profileFile';
import { UsageError } from './io';
import { namedMachine, profiledKconfig, profiledKernel, projectProfile } from './projectProfile';

/** Options that most commands share (`percpu-lens COMMAND --help`). */
export interface CommonOptions {
  readonly positionals: readonly string[];
  readonly root: string | null;
  readonly machine: MachineProfile;
  readonly arch: 'x86_64' | 'arm64';
  readonly kernel: KernelVersion | null;
  /** Where the version is from, in words. */
  readonly kernelOrigin: string;
  /** The project's `percpu.toml`; empty where there is none or it is not asked for. */
  readonly profile: Profile;
  /** What is wrong in it and was left out, a line each. */
  readonly profileNotes: readonly string[];
  readonly kconfig: string | null;
  /** A BTF file; `auto` looks beside the tree; null: sizes from source alone. */
  readonly btf: string | null;
  readonly format: string;
  readonly families: readonly ApiFamily[] | null;
  /** False: nothing kept on disk is used, and nothing is kept. */
  readonly cache: boolean;
  /** Limits of `diff`, as written. */
  readonly failOn: readonly string[];
  /** What objects hold instead of what sites cost. */
  readonly objects: boolean;
  /** A tree to set beside. */
  readonly against: string | null;
  /** Modules counted as loaded. */
  readonly modules: readonly string[];
  /** Threads of a typical process; null where not asked. */
  readonly threads: number | null;
}

/** The file or folder that a command is about, where its `percpu.toml` is looked for. */
export type AboutOf = (positionals: readonly string[], root: string | null) => string;

const optionTable = {
  root: { type: 'string' },
  cpus: { type: 'string' },
  online: { type: 'string' },
  machine: { type: 'string' },
  arch: { type: 'string' },
  kernel: { type: 'string' },
  kconfig: { type: 'string' },
  btf: { type: 'string' },
  'no-btf': { type: 'boolean' },
  format: { type: 'string' },
  family: { type: 'string' },
  objects: { type: 'boolean' },
  against: { type: 'string' },
  modules: { type: 'string' },
  'no-cache': { type: 'boolean' },
  profile: { type: 'string' },
  'no-profile': { type: 'boolean' },
  'fail-on': { type: 'string', multiple: true },
  threads: { type: 'string' },
} as const;

/** Reads a command's arguments; throws UsageError with one line on anything that cannot be meant. */
export function readOptions(args: readonly string[], formats: readonly string[], aboutOf: AboutOf = subjectOf): CommonOptions {
  const { values, positionals } = parsed(args);
  const format = values.format ?? formats[0] ?? 'text';
  if (!formats.includes(format)) throw new UsageError(`--format ${format}: this command knows ${formats.join(', ')}`);
  const about = aboutOf(positionals, values.root ?? null);
  const project = projectProfile({ file: values.profile, none: values['no-profile'] === true, about });
  return {
    positionals,
    root: values.root ?? null,
    profile: project.profile,
    profileNotes: project.problems.map((problem) => `${problemLine(project, problem)}; it is left out`),
    machine: machine(namedMachine(values.machine, project), values.cpus, values.online),
    arch: values.arch === undefined ? (profiledKernel(project, 'arch') ?? 'x86_64') : arch(values.arch),
    kernel: values.kernel === undefined ? profiledKernel(project, 'version') : kernel(values.kernel),
    kernelOrigin: values.kernel === undefined ? 'of percpu.toml' : 'as asked',
    kconfig: values.kconfig === undefined ? profiledKconfig(project) : readableFile('--kconfig', values.kconfig),
    btf: values['no-btf'] === true ? null : (readableFile('--btf', values.btf) ?? 'auto'),
    format,
    families: families(values.family),
    cache: values['no-cache'] !== true,
    failOn: values['fail-on'] ?? [],
    objects: values.objects === true,
    against: values.against ?? null,
    modules: (values.modules ?? '').split(',').map((name) => name.trim().replaceAll('-', '_')).filter((name) => name !== ''),
    threads: values.threads === undefined ? null : threadCount(values.threads),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: joinedNegatives(args), options: optionTable, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** `--cpus -1` is a value to refuse with its reason, not an option by the name of 1. */
function joinedNegatives(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (/^-\d/.test(arg) && (args[index - 1] ?? '').startsWith('--')) return [];
    const next = args[index + 1] ?? '';
    return arg.startsWith('--') && /^-\d/.test(next) ? [`${arg}=${next}`] : [arg];
  });
}

/** The folder or file that positionals and `--root` mean: `fs/super.c:120` too. */
function subjectOf(positionals: readonly string[], root: string | null): string {
  const named = (positionals[0] ?? '').replace(/:\d+$/, '');
  if (root !== null) return root;
  return named !== '' && existsSync(named) ? named : '.';
}

function machine(named: MachineProfile, cpus: string | undefined, online: string | undefined): MachineProfile {
  const possible = cpus === undefined ? named.topology.possibleCpus : count('--cpus', cpus);
  if (online === undefined) return withCpus(named, possible);
  const onlineCpus = count('--online', online);
  if (onlineCpus > possible) throw new UsageError(`--online ${onlineCpus}: more than the ${possible} possible CPUs`);
  return withCpus(named, possible, onlineCpus);
}

function count(option: string, text: string): number {
  const parsedCount = parseCpuCount(text);
  if (!parsedCount.ok) throw new UsageError(`${option}: ${parsedCount.message}`);
  return parsedCount.value;
}

/** The most that a process can have (PID_MAX_LIMIT). */
const mostThreads = 4_194_304;

function threadCount(text: string): number {
  const threads = Number(text);
  if (!/^\d+$/.test(text) || threads < 1 || threads > mostThreads) throw new UsageError(`--threads ${text}: a whole number from 1 to ${mostThreads}`);
  return threads;
}

function arch(text: string | undefined): 'x86_64' | 'arm64' {
  if (text === undefined || text === 'x86_64') return 'x86_64';
  if (text === 'arm64') return 'arm64';
  throw new UsageError(`--arch ${text}: x86_64 and arm64 are modelled`);
}

function kernel(text: string | undefined): KernelVersion | null {
  if (text === undefined) return null;
  const version = parseKernelVersion(text);
  if (version === undefined) throw new UsageError(`--kernel ${text}: write it like 6.12`);
  return version;
}

function readableFile(option: string, file: string | undefined): string | null {
  if (file === undefined) return null;
  if (!existsSync(file) || !statSync(file).isFile()) throw new UsageError(`${option} ${file}: no such file`);
  return file;
}

const knownFamilies: readonly ApiFamily[] = ['dyn', 'counter', 'up', 'static'];

function isFamily(name: string): name is ApiFamily {
  return knownFamilies.some((family) => family === name);
}

function families(text: string | undefined): readonly ApiFamily[] | null {
  if (text === undefined) return null;
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !isFamily(name));
  if (wrong !== undefined) throw new UsageError(`--family ${wrong}: there are ${knownFamilies.join(', ')}`);
  return names.filter(isFamily);
}

/** The folder that a command is about: its argument, else `--root`, else the current folder. */
export function rootFolder(options: CommonOptions): string {
  const [, second] = options.positionals;
  if (second !== undefined) throw new UsageError(`${second}: one folder at a time`);
  const folder = options.positionals[0] ?? options.root ?? '.';
  if (!existsSync(folder)) throw new UsageError(`${folder}: no such folder`);
  if (!statSync(folder).isDirectory()) throw new UsageError(`${folder}: not a folder`);
  return folder;
}
