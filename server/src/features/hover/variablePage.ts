import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';
import { reportSite } from '../reportSite';
import type { Page } from './page';
import { sizePhrase } from './sitePage';

/** The hover of a static percpu variable: its bytes on every possible CPU. It is there for good, so there is no more to say. */
export function variablePage(snapshot: Snapshot, site: SnapshotSite): Page {
  const shown = reportSite(snapshot, site);
  const { fact } = site.site;
  const name = fact.arguments[fact.arguments.length === 1 ? 0 : 1] ?? fact.api;
  return [
    { kind: 'title', phrase: [{ code: name }, ', a static percpu variable'] },
    { kind: 'lines', lines: [sizePhrase(shown, snapshot.machine.topology.possibleCpus), ['defined at ', { code: `${shown.file}:${shown.line}` }]] },
    { kind: 'note', phrase: [`${snapshot.machine.name} · sizes for ${snapshot.kconfigOrigin}`] },
  ];
}
