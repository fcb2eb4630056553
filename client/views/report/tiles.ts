import type { ReportReply } from '../../../server/src/protocol/requests';
import type { ClassTotal } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { bytes, count, counted, cpus, trigger } from '../format';

/** The figures above the table: what the tree holds, what an execution costs, which lock ends the growth. */
export function drawTiles(report: ReportReply): HTMLElement[] {
  const { totals } = report;
  const perExecution = ['fork-exec', 'netns', 'cgroup', 'mount']
    .map((name) => totals.by_class.find((total) => total.frequency_class === name))
    .filter((total) => total !== undefined);
  return [
    tile(count(totals.sites), `percpu sites in ${counted(totals.files, 'file')}`),
    ...perExecution.map(classTile),
    lockTile(report),
    tile(count(report.unknowns.length), 'figures unknown; the rows say why'),
  ];
}

function classTile(total: ClassTotal): HTMLElement {
  const unknowns = total.unknown_sizes === 0 ? '' : `, ${count(total.unknown_sizes)} of unknown size`;
  return tile(bytes(total.footprint), `${trigger(total.frequency_class)}: ${counted(total.sites, 'site')}${unknowns}`);
}

function lockTile({ totals }: ReportReply): HTMLElement {
  const lock = totals.hottest_lock;
  if (lock === null) return tile('no lock', 'limits a path whose times are known');
  const made = tile(cpus(lock.knee_cpus), `until ${lock.name} limits ${trigger(lock.frequency_class)}`);
  made.title = lock.assumption;
  return made;
}

function tile(figure: string, caption: string): HTMLElement {
  return element('li', { class: 'tile' }, element('strong', {}, figure), element('span', {}, caption));
}
