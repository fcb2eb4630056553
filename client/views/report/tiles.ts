import type { ClassTotal, ReportTotals } from '../../../server/src/protocol/report';
import { button, element, setText } from '../dom';
import { bytes, count, cpus, files, sites, trigger } from '../format';
import { t } from '../l10n';
import type { ReportHead } from '../messages';

export interface TileFigures {
  /** Possible CPUs shown, over those of the report. */
  readonly bytesFactor: number;
  /** Null: no lock limits anything; undefined: not known yet at this count. */
  readonly hottestLock: ReportTotals['hottest_lock'] | undefined;
}

export interface Tiles {
  readonly node: HTMLElement;
  show(report: ReportHead, figures: TileFigures): void;
}

interface TileText {
  readonly figure: string;
  readonly caption: string;
  readonly title?: string;
  readonly stale?: boolean;
}

/** The figures above the table: what the tree holds, what an execution costs, which lock ends the growth, what is unknown. */
export function createTiles(listUnknowns: () => void): Tiles {
  const node = element('ul', { class: 'tiles', 'aria-label': t('Totals') });
  const unknowns = createTile(listUnknowns);
  let tiles: readonly Tile[] = [];
  return {
    node,
    show: (report, figures) => {
      const texts = textsOf(report, figures);
      if (tiles.length !== texts.length) {
        tiles = texts.map(() => createTile());
        node.replaceChildren(...tiles.map((tile) => tile.node), unknowns.node);
      }
      texts.forEach((text, at) => tiles[at]?.show(text));
      unknowns.show({ figure: count(report.unknowns.length), caption: t('figures unknown: list them and why') });
    },
  };
}

function textsOf({ totals }: ReportHead, { bytesFactor, hottestLock }: TileFigures): readonly TileText[] {
  const perExecution = ['fork-exec', 'netns', 'cgroup', 'mount']
    .map((name) => totals.by_class.find((total) => total.frequency_class === name))
    .filter((total) => total !== undefined);
  return [
    { figure: count(totals.sites), caption: t('percpu sites in {0}', files(totals.files)) },
    ...perExecution.map((total) => classText(total, bytesFactor)),
    lockText(hottestLock),
  ];
}

function classText(total: ClassTotal, factor: number): TileText {
  const unknowns = total.unknown_sizes === 0 ? '' : t(', {0} of unknown size', count(total.unknown_sizes));
  const figure = total.footprint === 0 && total.unknown_sizes > 0 ? t('unknown') : bytes(Math.round(total.footprint * factor));
  return { figure, caption: `${trigger(total.frequency_class)}: ${sites(total.sites)}${unknowns}` };
}

function lockText(lock: TileFigures['hottestLock']): TileText {
  if (lock === undefined) return { figure: '…', caption: t('until the first lock limits a path'), stale: true };
  if (lock === null) return { figure: t('no lock'), caption: t('limits a path whose times are known') };
  return { figure: cpus(lock.knee_cpus), caption: t('until {0} limits {1}', lock.name, trigger(lock.frequency_class)), title: lock.assumption };
}

interface Tile {
  readonly node: HTMLElement;
  show(text: TileText): void;
}

function createTile(onClick?: () => void): Tile {
  const figure = element('strong');
  const caption = element('span');
  const node = element('li', { class: 'tile' });
  if (onClick === undefined) node.append(figure, caption);
  else {
    const open = button('', onClick, { class: 'tile-button', id: 'unknowns' });
    open.append(figure, caption);
    node.append(open);
  }
  return {
    node,
    show: (text) => {
      setText(figure, text.figure);
      setText(caption, text.caption);
      node.classList.toggle('stale', text.stale === true);
      if (node.title !== (text.title ?? '')) node.title = text.title ?? '';
    },
  };
}
