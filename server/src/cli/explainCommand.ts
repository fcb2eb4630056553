import { statSync } from 'node:fs';
import path from 'node:path';
import { siteDetails } from '../features/siteDetails';
import type { SiteDetails } from '../protocol/report';
import { formatShare } from '../util/format';
import { findRoot } from '../workspace/kernelRoot';
import type { SnapshotSite } from '../workspace/snapshot';
import { exitCodes, UsageError, type Io } from './io';
import { readOptions } from './options';
import { reasonText } from './reasonText';
import { snapshotOf } from './treeSnapshot';

export const explainUsage = 'explain FILE:LINE [--root ROOT] [--machine NAME] [--cpus N] [--format text|json]';

/** Unfolds every number of the sites on one line, down to constants and their sources. */
export async function explainCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json']);
  const { file, line } = placeOf(options.positionals[0]);
  const given = options.root === null ? file : path.resolve(options.root, file);
  if (!isFile(given)) throw new UsageError(`${given}: no such file`);
  const root = options.root === null ? findRoot(given).directory : path.resolve(options.root);
  const relative = path.relative(root, path.resolve(given)).split(path.sep).join('/');
  const snapshot = await snapshotOf(root, options, io, factsEntry, processes);
  const sites = (snapshot.sites.get(relative) ?? []).filter(({ site }) => site.fact.line === line);
  if (sites.length === 0) throw new UsageError(`${relative}:${line}: no percpu call site; ${nearest(snapshot.sites.get(relative) ?? [], line)}`);
  const details = sites.map((site) => siteDetails(snapshot, site));
  io.out(options.format === 'json' ? `${JSON.stringify(details, null, 2)}\n` : details.map(detailsText).join('\n'));
  return exitCodes.done;
}

function placeOf(text: string | undefined): { readonly file: string; readonly line: number } {
  const match = /^(.+):(\d+)$/.exec(text ?? '');
  if (match?.[1] === undefined) throw new UsageError(`write the place as FILE:LINE, like kernel/fork.c:1334`);
  return { file: match[1], line: Number(match[2]) };
}

function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() === true;
}

function nearest(sites: readonly SnapshotSite[], line: number): string {
  const lines = sites.map(({ site }) => site.fact.line).sort((a, b) => Math.abs(a - line) - Math.abs(b - line));
  return lines[0] === undefined ? 'there is none in the file' : `the nearest is on line ${lines[0]}`;
}

function detailsText({ site, reasons, strategies, accuracy }: SiteDetails): string {
  const head = `${site.file}:${site.line}: ${site.api} in ${site.function ?? 'file scope'}\n`;
  const size = site.size === null ? `size unknown because ${site.size_reason}\n` : `${site.size} bytes per CPU: ${site.size_reason}\n`;
  const reach = site.reach.map(({ frequency_class: name, chain }) => `${name}: ${chain.join(' → ')}\n`).join('');
  const trees = reasons.map((reason) => reasonText(reason)).join('');
  const error = accuracy === null ? '' : `read error ${accuracy}\n`;
  return `${head}${size}${reach}\n${trees}${error}\n${strategies.map(strategyText).join('')}`;
}

function strategyText({ id, title, applies, why, gain, standing, objections, prices }: SiteDetails['strategies'][number]): string {
  if (!applies) return `${id}: does not apply: ${why}\n`;
  const saved = gain === null ? '' : `, saves ${formatShare(gain.low)} to ${formatShare(gain.high)} of create and destroy`;
  const voiced = objections.map(({ by, point, source }) => `  objection by ${by}: ${point} (${source})\n`).join('');
  return `${id}: ${title}: ${standing}${saved}\n${voiced}  applies: ${why}\n${prices.map((price) => `  price: ${price}\n`).join('')}`;
}
