import { isDeepStrictEqual } from 'node:util';
import { genericCosts, withGuestFactor } from '../machine/costs';
import type { Constant, MachineCosts, MachineProfile } from '../machine/profile';
import { recoverToml } from './tomlRecovery';

/** A machine as a table of `percpu.toml`; reading it gives the same machine. */
export function machineToml(machine: MachineProfile): string {
  const { topology, transfer, pageSize } = machine;
  const { possibleCpus, onlineCpus, sockets, nodes, coresPerLlc, smt } = topology;
  const ns = (distance: keyof typeof transfer): string => String(transfer[distance].value.mid);
  const lines = [
    `[machines.${machine.name}]`,
    `possible = ${possibleCpus}`,
    ...(onlineCpus === possibleCpus ? [] : [`online = ${onlineCpus}`]),
    `sockets = ${sockets}`,
    ...(nodes === sockets ? [] : [`nodes = ${nodes}`]),
    `cores_per_llc = ${coresPerLlc}`,
    `smt = ${smt}`,
    `latency_ns = { smt = ${ns('smt')}, llc = ${ns('llc')}, socket = ${ns('socket')}, remote = ${ns('remote')} }`,
    ...(machine.guest ? ['guest = true'] : []),
    ...(pageSize === 4096 ? [] : [`page_size = ${pageSize}`]),
    ...(machine.calibrated ? ['calibrated = true'] : []),
    ...costLines(machine),
  ];
  return `${lines.join('\n')}\n`;
}

function costLines({ costs, guest }: MachineProfile): string[] {
  const generic = withGuestFactor(genericCosts, guest);
  const own = Object.entries<Constant>({ ...costs }).filter(([key, { value }]) => !isDeepStrictEqual(value, generic[key as keyof MachineCosts].value));
  if (own.length === 0) return [];
  return [`costs = { ${own.map(([key, { value }]) => `${key} = [${value.low}, ${value.mid}, ${value.high}]`).join(', ')} }`];
}

/** The text of a `percpu.toml` with the machine in it: in the place of one of that name, whose comments stay, else at the end. */
export function withMachineWritten(text: string, machine: MachineProfile): string {
  const table = machineToml(machine);
  const old = placeOf(text, machine.name);
  if (old !== null) return text.slice(0, old.start) + table + comments(text.slice(old.start, old.end)) + text.slice(old.end);
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${before}${before === '' ? '' : '\n'}${table}`;
}

/** The lines of a text that are comments alone. */
function comments(text: string): string {
  return text.split(/(?<=\n)/).filter((line) => line.trimStart().startsWith('#')).join('');
}

/** From the header of the machine's table to what follows it, its sub-tables with it; null where it is not written so. */
function placeOf(text: string, name: string): { readonly start: number; readonly end: number } | null {
  const { root } = recoverToml(text);
  const machines = root.kind === 'table' ? root.entries.find(({ key }) => key === 'machines')?.value : undefined;
  const entry = machines?.kind === 'table' ? machines.entries.find(({ key }) => key === name) : undefined;
  if (entry === undefined) return null;
  const start = text.lastIndexOf('\n', entry.keySpan.start) + 1;
  if (!text.slice(start, entry.keySpan.start).trimStart().startsWith('[')) return null;
  const rest = text.slice(entry.keySpan.end);
  const next = [...rest.matchAll(/^[ \t]*\[{1,2}([^\]\n]*)\]/gm)].find(([, header]) => !(header ?? '').replaceAll(' ', '').startsWith(`machines.${name}.`));
  const end = next === undefined ? text.length : entry.keySpan.end + next.index;
  return { start, end: end - trailing(text.slice(start, end)) };
}

/** Comments and empty lines before the next table belong to that one: their length at the end of the text. */
function trailing(text: string): number {
  const lines = text.split(/(?<=\n)/);
  const last = lines.findLastIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return lines.slice(last + 1).join('').length;
}
