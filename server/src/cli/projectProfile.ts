import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { builtInMachines, machineByName } from '../machine/builtIn';
import { machineFromFile } from '../machine/description';
import type { MachineProfile } from '../machine/profile';
import type { ProfileKernel } from '../profile/profile';
import type { ReadProfile } from '../profile/readProfile';
import type { UserScenario } from '../scenario/userScenario';
import { findRoot } from '../workspace/kernelRoot';
import { problemLine, profileFileOf, profileKconfig, readProfileFile } from '../workspace/profileFile';
import { UsageError } from './io';

export interface ProfileChoice {
  /** `--profile FILE`. */
  readonly file: string | undefined;
  /** `--no-profile`. */
  readonly none: boolean;
  /** File or folder that the command is about. */
  readonly about: string;
}

/** The `percpu.toml` that holds for what a command is about: the one that is named, else the nearest up to the root. */
export function projectProfile({ file, none, about }: ProfileChoice): ReadProfile {
  if (none) return readProfileFile(null);
  if (file !== undefined) {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`--profile ${file}: no such file`);
    return wholeProfile(readProfileFile(path.resolve(file)));
  }
  if (!existsSync(about)) return readProfileFile(null);
  const folder = statSync(about).isDirectory() ? about : path.dirname(about);
  return wholeProfile(readProfileFile(profileFileOf(folder, findRoot(folder).directory)));
}

/** A file of which nothing can be read has no part that could be left out. */
function wholeProfile(project: ReadProfile): ReadProfile {
  refuseBroken(project, []);
  return project;
}

/** Throws where a part that the command needs has an error. */
function refuseBroken(project: ReadProfile, needed: readonly string[]): void {
  const broken = project.problems.find(({ path: at }) =>
    needed.length === 0 ? at.length === 0 : at.length > 0 && at.slice(0, needed.length).every((key, index) => key === needed[index]));
  if (broken !== undefined) throw new UsageError(problemLine(project, broken));
}

/** One value of `[kernel]`, asked for because no option says otherwise. */
export function profiledKernel<Key extends keyof ProfileKernel>(project: ReadProfile, key: Key): ProfileKernel[Key] {
  refuseBroken(project, ['kernel', key]);
  return project.profile.kernel[key];
}

/** The scenarios of the profile; throws where one of those asked for has an error. */
export function profiledScenarios(project: ReadProfile, wanted: readonly string[]): readonly UserScenario[] {
  for (const name of wanted) refuseBroken(project, ['scenarios', name]);
  return project.profile.scenarios;
}

/** The configuration file that the profile names; null where it names none. */
export function profiledKconfig(project: ReadProfile): string | null {
  refuseBroken(project, ['kernel', 'config']);
  return profileKconfig(project.profile);
}

/** A machine of `percpu.toml`, a built-in one, or one from a file; without a name the profile's own choice. */
export function namedMachine(name: string | undefined, project: ReadProfile): MachineProfile {
  if (name === undefined) refuseBroken(project, ['machine']);
  const wanted = name ?? project.profile.machine ?? 'server-256';
  refuseBroken(project, ['machines', wanted]);
  const known = project.profile.machines.find((machine) => machine.name === wanted) ?? machineByName(wanted);
  if (known !== undefined) return known;
  if (statSync(wanted, { throwIfNoEntry: false })?.isFile() !== true) {
    const names = [...project.profile.machines, ...builtInMachines].map((one) => one.name).join(', ');
    throw new UsageError(`--machine ${wanted}: no such machine and no such file; there are ${names}`);
  }
  const imported = machineFromFile(path.basename(wanted, path.extname(wanted)), readFileSync(wanted, 'utf8'));
  if (!imported.ok) throw new UsageError(`--machine ${wanted}: ${imported.message}`);
  return imported.machine;
}
