import type { TypeDescription } from '../../resolve/describeType';
import { formatBytes } from '../../util/format';
import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';
import { triggerWords } from '../classWords';
import { footprintOf } from '../reportSite';
import { joined, type Block, type Page, type Phrase } from './page';

/** Sites that a hover lists, the largest first. */
const shownSites = 6;

/** The hover of a struct that is allocated per CPU: its size, its holes, and what all its sites take. */
export function typePage(type: string, sites: readonly SnapshotSite[], described: TypeDescription | null, snapshot: Snapshot): Page {
  const cpus = snapshot.machine.topology.possibleCpus;
  const footprints = sites.map(({ site }) => footprintOf(site, cpus));
  const unknown = footprints.filter((bytes) => bytes === null).length;
  const total = footprints.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
  const all: Phrase = [
    `${sites.length} ${sites.length === 1 ? 'site' : 'sites'} × ${cpus} possible CPUs = `, { strong: formatBytes(total) },
    `${unknown === 0 ? '' : ` + ${unknown} of unknown size`}, one execution each`,
  ];
  return [
    { kind: 'title', phrase: [{ code: type }, ', allocated per CPU'] },
    { kind: 'lines', lines: [sizeLine(described), all] },
    siteTable(sites, cpus),
    { kind: 'note', phrase: [`${snapshot.machine.name} · sizes for ${snapshot.kconfigOrigin}`] },
  ];
}

function sizeLine(described: TypeDescription | null): Phrase {
  if (described === null) return ['size still being worked out'];
  const { layout, reason } = described;
  if (layout === null) return [`size unknown because ${reason ?? 'it is not laid out'}`];
  const { size, align, holes, tail, members } = layout;
  return joined([
    [{ strong: `${size} B` }, ` per CPU, alignment ${align}`],
    [`${members} members`],
    holes.length === 0 ? ['no holes'] : [`${holes.length} ${holes.length === 1 ? 'hole' : 'holes'}: ${holes.map(({ bytes, after }) => `${bytes} B after ${after}`).join(', ')}`],
    tail === 0 ? [] : [`${tail} B of padding at the end`],
    [`${Math.ceil(size / 64)} cache ${size > 64 ? 'lines' : 'line'}`],
  ]);
}

function siteTable(sites: readonly SnapshotSite[], cpus: number): Block {
  const rows = sites
    .map((one) => ({ one, bytes: footprintOf(one.site, cpus) }))
    .sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
  const shown = rows.slice(0, shownSites).map(({ one, bytes }) => siteRow(one, bytes));
  const more = rows.length - shown.length;
  return { kind: 'table', head: [['site'], ['footprint'], ['trigger']], rows: more > 0 ? [...shown, [[`… ${more} more`], [], []]] : shown };
}

function siteRow({ site }: SnapshotSite, bytes: number | null): readonly Phrase[] {
  const { file, fact, reach } = site;
  const trigger = reach[0]?.frequencyClass ?? 'unknown';
  return [
    [{ code: fact.function ?? fact.arguments[1] ?? fact.api }, ` ${file}:${fact.line}`],
    [bytes === null ? `unknown because ${site.size.reason}` : formatBytes(bytes)],
    [fact.kind === 'define' ? 'static' : triggerWords(trigger)],
  ];
}
