import { siteDetails } from '../features/siteDetails';
import { siteName } from '../features/siteName';
import type { SiteDetails } from '../protocol/report';
import { exitCodes, type Io } from './io';
import { readOptions } from './options';
import { reasonText } from './reasonText';
import { sitePlace, sitesAt } from './sitePlace';
import { savedText } from './strategiesText';
import { snapshotOf } from './treeSnapshot';

export const explainUsage = 'explain FILE:LINE [--root ROOT] [--machine NAME] [--cpus N] [--profile FILE | --no-profile] [--format text|json]';

/** Unfolds every number of the sites on one line, down to constants and their sources. */
export async function explainCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json']);
  const place = sitePlace(options.positionals[0], options.root);
  const snapshot = await snapshotOf(place.root, options, io, factsEntry, processes);
  const sites = sitesAt(snapshot, place);
  const details = sites.map((site) => siteDetails(snapshot, site));
  io.out(options.format === 'json' ? `${JSON.stringify(details, null, 2)}\n` : details.map(detailsText).join('\n'));
  return exitCodes.done;
}

function detailsText({ site, reasons, strategies, accuracy }: SiteDetails): string {
  const head = `${site.file}:${site.line}: ${siteName(site)}\n`;
  const size = site.size === null ? `size unknown because ${site.size_reason}\n` : `${site.size} bytes per CPU: ${site.size_reason}\n`;
  const reach = site.reach.map(({ frequency_class: name, chain }) => `${name}: ${chain.join(' → ')}\n`).join('');
  const trees = reasons.map((reason) => reasonText(reason)).join('');
  const error = accuracy === null ? '' : `read error ${accuracy}\n`;
  return `${head}${size}${reach}\n${trees}${error}\n${strategies.map(strategyText).join('')}`;
}

function strategyText({ id, title, applies, why, gain, standing, objections, prices }: SiteDetails['strategies'][number]): string {
  if (!applies) return `${id}: does not apply: ${why}\n`;
  const saved = gain === null ? '' : `, ${savedText(gain)}`;
  const voiced = objections.map(({ by, point, source }) => `  objection by ${by}: ${point} (${source})\n`).join('');
  return `${id}: ${title}: ${standing}${saved}\n${voiced}  applies: ${why}\n${prices.map((price) => `  price: ${price}\n`).join('')}`;
}
