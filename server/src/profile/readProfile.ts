import { builtInMachines, machineByName } from '../machine/builtIn';
import type { MachineProfile } from '../machine/profile';
import { type Located, valueAt } from '../util/located';
import type { Place, ShapeProblem } from '../util/shape';
import { emptyProfile, type Profile } from './profile';
import { profileShape } from './profileShape';
import { recoverToml } from './tomlRecovery';

export interface ReadProfile {
  readonly profile: Profile;
  /** In the order of the file. */
  readonly problems: readonly ShapeProblem[];
  /** What was read, for lines of places; empty where it was refused. */
  readonly text: string;
  /** All that is written, also what was left out; null where nothing could be read. */
  readonly tree: Located | null;
}

/** Larger files are no profile that somebody wrote, characters. */
const longest = 256 * 1024;
const mostProblems = 200;

/** Reads a `percpu.toml`. What is wrong in it is left out and named with its place; the rest holds. */
export function readProfile(text: string, file: string): ReadProfile {
  const refusal = whyUnreadable(text);
  if (refusal !== null) return { profile: { ...emptyProfile, file }, problems: [{ message: refusal, span: { start: 0, end: 0 }, path: [] }], text: '', tree: null };
  const { root, problems: syntax } = recoverToml(text);
  const problems = [...syntax];
  const place: Place = { path: [], report: (problem) => problems.push(problem) };
  const written = profileShape.read(root, place) ?? {};
  const machines = [...(written.machines?.values() ?? [])];
  const profile: Profile = {
    file,
    machine: checkedMachine(written.machine, machines, root, place),
    machines,
    kernel: { ...emptyProfile.kernel, ...written.kernel },
    workload: { ...emptyProfile.workload, ...written.workload },
    apis: written.apis ?? [],
    suppressions: written.suppress ?? [],
    rules: written.rules ?? new Map(),
    scenarios: [...(written.scenarios?.values() ?? [])],
    limits: [...(written.limits ?? [])].map(([of, limit]) => ({ of, ...limit })),
  };
  return { profile, problems: problems.sort((a, b) => a.span.start - b.span.start).slice(0, mostProblems), text, tree: root };
}

function whyUnreadable(text: string): string | null {
  if (text.length > longest) return `This file has ${(text.length / 1024).toFixed(0)} KiB; a percpu.toml of up to 256 KiB is read`;
  // U+FFFD is what bytes that are no UTF-8 become.
  return /[\0\uFFFD]/.test(text.slice(0, 64 * 1024)) ? 'This is not UTF-8 text, so no percpu.toml' : null;
}

/** The machine that is named has to be one that the file or the program has. */
function checkedMachine(name: string | undefined, machines: readonly MachineProfile[], root: Located, place: Place): string | null {
  if (name === undefined) return null;
  if (machineByName(name) !== undefined || machines.some((machine) => machine.name === name)) return name;
  const names = [...machines, ...builtInMachines].map((machine) => machine.name);
  const span = valueAt(root, ['machine'])?.span;
  const broken = valueAt(root, ['machines', name]) !== undefined;
  const message = broken ? `"machine" names "${name}", which has an error below` : `"machine" names "${name}", which is no machine; there are ${names.join(', ')}`;
  place.report({ message, span: span ?? root.span, path: ['machine'] });
  return null;
}
