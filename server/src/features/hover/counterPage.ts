import { formatBytes } from '../../util/format';
import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';
import { triggerWords } from '../classWords';
import { counterAccuracy } from '../counterAccuracy';
import { evaluate } from '../evaluation';
import { footprintOf } from '../reportSite';
import { enclosingText } from '../siteName';
import { variableName } from '../variableName';
import type { Page, Phrase } from './page';
import type { HoverTarget } from './target';

type CounterTarget = Extract<HoverTarget, { kind: 'counter' }>;

/** Initialisations that a hover lists. */
const shownSites = 6;

/** The hover of a percpu_counter in a struct: how far a cheap read can be off, by which batch, and where it is initialised. */
export function counterPage({ structure, member, sites, isCertain }: CounterTarget, snapshot: Snapshot): Page {
  const title: Page = [{ kind: 'title', phrase: [{ code: `${structure}.${member}` }, ', a percpu counter'] }];
  if (sites.length === 0) {
    return [...title, { kind: 'lines', lines: [[`read error unknown because no percpu_counter_init of ${structure}.${member} was found`]] }];
  }
  const rows = sites.slice(0, shownSites).map((site) => siteRow(site, snapshot));
  const more = sites.length - rows.length;
  return [
    ...title,
    { kind: 'lines', lines: [errorLine(sites, snapshot), ...(isCertain ? [] : [['taken by the member’s name: the structure of what is initialised is not known']]), [`a sum visits ${snapshot.machine.topology.onlineCpus} online CPUs with interrupts off`]] },
    { kind: 'table', head: [['initialised in'], ['per CPU'], ['footprint'], ['trigger']], rows: more > 0 ? [...rows, [[`… ${more} more`], [], [], []]] : rows },
    { kind: 'note', phrase: [`${snapshot.machine.name} · sizes for ${snapshot.kconfigOrigin}`] },
  ];
}

function errorLine(sites: readonly SnapshotSite[], snapshot: Snapshot): Phrase {
  const errors = sites.flatMap((site) => {
    const { lifeCycle } = evaluate(site.site, snapshot);
    return lifeCycle === null ? [] : [counterAccuracy(snapshot, site, lifeCycle) ?? []].flat();
  });
  const [first] = errors;
  return first === undefined ? ['read error unknown because what initialises it is not known'] : ['read error ', { strong: first }];
}

function siteRow({ site }: SnapshotSite, snapshot: Snapshot): readonly Phrase[] {
  const { file, fact, size, reach } = site;
  const bytes = footprintOf(site, snapshot.machine.topology.possibleCpus);
  return [
    [{ code: enclosingText({ function: fact.function, variable: variableName(fact) }) }, ` ${file}:${fact.line}`],
    [size.size === null ? 'unknown' : `${size.size} B`],
    [bytes === null ? `unknown because ${size.reason}` : formatBytes(bytes)],
    [triggerWords(reach[0]?.frequencyClass ?? 'unknown')],
  ];
}
