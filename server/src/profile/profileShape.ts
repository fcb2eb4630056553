import { parseKernelVersion, type KernelVersion } from '../kernel/version';
import { builtInMachines, machineByName } from '../machine/builtIn';
import { machineFrom, machineShape } from '../machine/description';
import type { MachineProfile } from '../machine/profile';
import { frequencyClasses } from '../resolve/resolvedSite';
import { field, list, type Made, mapOf, mapped, type Shape, spread, table, text } from '../util/shape';
import { apiShape } from './apiEntry';
import { limitAmountShape, limitSubjects } from './limit';
import { ruleSeverities } from './profile';
import { scenarioShape } from './scenarioEntry';
import { suppressionShape } from './suppression';

/** Classes that happen again and again: a rate of the others would mean nothing. */
const ratedClasses = frequencyClasses.filter((one) => one !== 'boot' && one !== 'module-load' && one !== 'unknown');
const livingClasses = frequencyClasses.filter((one) => one !== 'unknown');

const namedMachine: Shape<MachineProfile> = mapped(machineShape, (description, name): Made<MachineProfile> => {
  if (machineByName(name) !== undefined) return { fault: `"${name}" is a built-in machine; give yours another name` };
  if (!/^[\w.-]{1,40}$/.test(name)) return { fault: 'the name of a machine has up to 40 letters, digits, dots, "-" and "_"' };
  return { value: machineFrom(name, description) };
});

const version: Shape<KernelVersion> = mapped(text(), (written): Made<KernelVersion> => {
  const value = parseKernelVersion(written);
  return value === undefined ? { fault: `"${written.slice(0, 40)}" is no kernel version: write it like "6.12"` } : { value };
});

const kernelShape = table({}, {
  version: field(version, 'Kernel version to model; that of the tree\'s Makefile where absent.'),
  config: field(text(), 'Kernel configuration file, relative to the folder of percpu.toml or absolute; .config of the root where absent.'),
  arch: field(text(['x86_64', 'arm64']), 'Architecture to model; x86_64 where absent.'),
});

const workloadShape = table({}, {
  rates: field(mapOf(spread(0, 1e9), ratedClasses), 'How often each class happens on the whole machine, per second.'),
  live: field(mapOf(spread(0, 1e9), livingClasses), 'How many objects of each class are alive at a time.'),
});

/** Everything that a `percpu.toml` may hold. */
export const profileShape = table({}, {
  machine: field(text(), `The machine in force where nobody chose another: one of [machines] or ${builtInMachines.map(({ name }) => name).join(', ')}.`),
  machines: field(mapOf(namedMachine), 'Machines by name.'),
  kernel: field(kernelShape, 'The kernel that is modelled.'),
  workload: field(workloadShape, 'What the machine does: rates and live objects for each frequency class.'),
  apis: field(list(apiShape), 'Percpu APIs outside the tree\'s own: wrappers of out-of-tree modules.'),
  suppress: field(list(suppressionShape), 'Findings and advice not to show, each with its reason.'),
  rules: field(mapOf(text(ruleSeverities)), 'Severity of each rule by its id; "off" switches it off.'),
  scenarios: field(mapOf(scenarioShape), 'Scenarios to simulate, by name.'),
  limits: field(mapOf(limitAmountShape, limitSubjects), 'How much a change may add for each class before "percpu-lens diff --fail-on" fails: "+1 KiB", "+500 ns", "+0 sites".'),
});
