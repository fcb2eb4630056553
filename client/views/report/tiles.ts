import type { ReportReply } from '../../../server/src/protocol/requests';
import type { ClassTotal, ReportTotals } from '../../../server/src/protocol/report';
import { button, element } from '../dom';
import { bytes, count, counted, cpus, trigger } from '../format';
import { t } from '../l10n';

export interface TileFigures {
  /** Possible CPUs shown, over those of the report. */
  readonly bytesFactor: number;
  /** Null: no lock limits anything; undefined: not known yet at this count. */
  readonly hottestLock: ReportTotals['hottest_lock'] | undefined;
}

/** The figures above the table: what the tree holds, what an execution costs, which lock ends the growth, what is unknown. */
export function drawTiles(report: ReportReply, { bytesFactor, hottestLock }: TileFigures, listUnknowns: () => void): HTMLElement[] {
  const { totals } = report;
  const perExecution = ['fork-exec', 'netns', 'cgroup', 'mount']
    .map((name) => totals.by_class.find((total) => total.frequency_class === name))
    .filter((total) => total !== undefined);
  return [
    tile(count(totals.sites), t('percpu sites in {0}', counted(totals.files, 'file'))),
    ...perExecution.map((total) => classTile(total, bytesFactor)),
    lockTile(hottestLock),
    unknownTile(report, listUnknowns),
  ];
}

function classTile(total: ClassTotal, factor: number): HTMLElement {
  const unknowns = total.unknown_sizes === 0 ? '' : t(', {0} of unknown size', count(total.unknown_sizes));
  return tile(bytes(Math.round(total.footprint * factor)), `${trigger(total.frequency_class)}: ${counted(total.sites, 'site')}${unknowns}`);
}

function lockTile(lock: TileFigures['hottestLock']): HTMLElement {
  if (lock === undefined) return tile('…', t('until the first lock limits a path'), 'stale');
  if (lock === null) return tile(t('no lock'), t('limits a path whose times are known'));
  const made = tile(cpus(lock.knee_cpus), t('until {0} limits {1}', lock.name, trigger(lock.frequency_class)));
  made.title = lock.assumption;
  return made;
}

function unknownTile({ unknowns }: ReportReply, list: () => void): HTMLElement {
  const figure = element('strong', {}, count(unknowns.length));
  const caption = element('span', {}, t('figures unknown: list them and why'));
  const open = button('', list, { class: 'tile-button', id: 'unknowns' });
  open.append(figure, caption);
  return element('li', { class: 'tile' }, open);
}

function tile(figure: string, caption: string, state = ''): HTMLElement {
  return element('li', { class: `tile ${state}`.trim() }, element('strong', {}, figure), element('span', {}, caption));
}
