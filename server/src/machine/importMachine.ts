import { importBootLog, withBootFacts } from './bootLog';
import { importLscpu } from './lscpu';
import type { MachineProfile } from './profile';

export type MachineImport =
  | { readonly ok: true; readonly machine: MachineProfile; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/**
 * A machine from what it says of itself: the output of `lscpu -J`, boot messages, or both in any order. Boot messages
 * alone tell its CPUs and nodes; everything else is then as `base` has it, which a note says.
 */
export function importMachine(name: string, texts: readonly string[], base: MachineProfile): MachineImport {
  let machine: MachineProfile | null = null;
  const notes: string[] = [];
  for (const text of texts.filter(isJson)) {
    const imported = importLscpu(text, name);
    if (!imported.ok) return imported;
    machine = imported.machine;
    notes.push('latencies are those of published tables for its vendor');
  }
  const logs = texts.filter((text) => !isJson(text));
  if (logs.length === 0) notes.push('possible CPUs are taken as those that lscpu counts: boot messages tell them');
  for (const log of logs) {
    const imported = importBootLog(log);
    if (!imported.ok) return { ok: false, message: `neither JSON of lscpu -J nor boot messages: ${imported.message}` };
    if (machine === null) notes.push(`boot messages tell CPUs and nodes; caches and latencies are taken from ${base.name}`);
    machine = withBootFacts(machine ?? named(name, base), imported.facts);
  }
  if (machine === null) return { ok: false, message: 'nothing to import: give the output of lscpu -J or boot messages (dmesg)' };
  return { ok: true, machine: { ...machine, description: `${machine.topology.possibleCpus} possible CPUs, ${name}` }, notes };
}

function named(name: string, base: MachineProfile): MachineProfile {
  return { ...base, name, calibrated: false };
}

function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}
