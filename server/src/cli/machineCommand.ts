import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { importMachine } from '../machine/importMachine';
import { machineByName } from '../machine/builtIn';
import type { MachineProfile } from '../machine/profile';
import { machineToml, withMachineWritten } from '../profile/writeMachine';
import { reasonOf } from '../workspace/sourceFiles';
import { exitCodes, UsageError, type Io } from './io';
import { namedMachine, projectProfile } from './projectProfile';

export const machineUsage = 'machine [NAME] [--lscpu FILE] [--boot-log FILE] [--name NAME] [--write percpu.toml] [--root ROOT]';

const optionTable = {
  lscpu: { type: 'string' },
  'boot-log': { type: 'string' },
  name: { type: 'string' },
  write: { type: 'string' },
  root: { type: 'string' },
} as const;

/** Prints a machine as a table of percpu.toml: one that is known by name, or one imported from what it says of itself. */
export function machineCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parsed(args);
  if (positionals.length > 1) throw new UsageError(`${positionals.slice(1).join(' ')}: one machine at a time`);
  const imports = [values.lscpu, values['boot-log']].filter((file) => file !== undefined);
  if (imports.length === 0 && positionals[0] === undefined) throw new UsageError('give --lscpu FILE, --boot-log FILE or the NAME of a known machine');
  const project = projectProfile({ file: undefined, none: false, about: values.root ?? '.' });
  const base = namedMachine(positionals[0], project);
  const machine = imports.length === 0 ? base : imported(values.name ?? 'imported', imports, base, io);
  if (values.write === undefined) io.out(machineToml(machine));
  else write(values.write, machine, io);
  return Promise.resolve(exitCodes.done);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTable, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

function imported(name: string, files: readonly string[], base: MachineProfile, io: Io): MachineProfile {
  if (!/^[\w-]{1,40}$/.test(name)) throw new UsageError(`--name ${name.slice(0, 60)}: up to 40 letters, digits, "-" and "_"`);
  if (machineByName(name) !== undefined) throw new UsageError(`--name ${name}: the name of a built-in machine`);
  const result = importMachine(name, files.map(textOf), base);
  if (!result.ok) throw new UsageError(`${files.join(' and ')}: ${result.message}`);
  for (const note of result.notes) io.err(`${note}\n`);
  return result.machine;
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  }
}

function write(file: string, machine: MachineProfile, io: Io): void {
  try {
    const before = readIfThere(file);
    writeFileSync(file, withMachineWritten(before, machine));
  } catch (error) {
    throw new UsageError(`--write ${file}: ${reasonOf(error)}`);
  }
  io.err(`${path.basename(file)}: [machines.${machine.name}] is written\n`);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
