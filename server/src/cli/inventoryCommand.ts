import { existsSync, statSync } from 'node:fs';
import { inventoryOf } from '../features/inventory';
import type { Inventory } from '../protocol/inventory';
import { comparisonText } from './inventoryComparison';
import { inventoryText } from './inventoryText';
import { exitCodes, UsageError, type Io } from './io';
import { rootFolder, type CommonOptions } from './options';
import { snapshotOf } from './treeSnapshot';

/** `report --objects`: what the kernel's objects hold, of one tree or of two side by side. */
export async function inventoryCommand(options: CommonOptions, io: Io, factsEntry: string, processes: number): Promise<number> {
  const { format } = options;
  if (format !== 'text' && format !== 'json' && format !== 'markdown') throw new UsageError(`--format ${format}: --objects knows text, json, markdown`);
  const folder = rootFolder(options);
  const against = options.against === null ? null : otherFolder(options.against);
  const own = await inventory(folder, options, io, factsEntry, processes);
  const base = against === null ? null : await inventory(against, { ...options, kernel: null }, io, factsEntry, processes);
  if (format === 'json') io.out(`${JSON.stringify(base === null ? own : { base, own }, null, 1)}\n`);
  else io.out(base === null ? inventoryText(own, format) : comparisonText(base, own, format));
  return exitCodes.done;
}

async function inventory(folder: string, options: CommonOptions, io: Io, factsEntry: string, processes: number): Promise<Inventory> {
  const snapshot = await snapshotOf(folder, options, io, factsEntry, processes);
  for (const { file, reason } of snapshot.problems) io.err(`${file}: ${reason}\n`);
  const found = inventoryOf(snapshot, options.modules);
  if (found.objects.length === 0) io.err(`no objects with percpu memory in the .c and .h files below ${folder}\n`);
  return found;
}

function otherFolder(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`--against ${folder}: no such folder`);
  return folder;
}
