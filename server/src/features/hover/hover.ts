import type { TypeDescription } from '../../resolve/describeType';
import type { Span } from '../../util/text';
import { siteById, type Snapshot } from '../../workspace/snapshot';
import { siteDetails } from '../siteDetails';
import { counterPage } from './counterPage';
import { idPage } from './idPage';
import { markdownOf } from './markdown';
import type { Block, Page } from './page';
import { plainTextOf } from './plainText';
import { sitePage } from './sitePage';
import { targetAt, type HoverTarget } from './target';
import { typePage } from './typePage';
import { variablePage } from './variablePage';

export interface Hover {
  readonly span: Span;
  /** Markdown, or plain text where the client shows none. */
  readonly text: string;
}

/** What the client shows. */
export interface HoverAbilities {
  readonly markdown: boolean;
  readonly commandLinks: boolean;
}

export { targetAt } from './target';

/** The type that has to be described before a target's hover can be written; null where none has to. */
export function typeNeeded(target: HoverTarget): { readonly file: string; readonly type: string } | null {
  const [first] = target.kind === 'struct' ? target.sites : [];
  return target.kind !== 'struct' || first === undefined ? null : { file: first.site.file, type: target.type };
}

/** The hover over what the mouse is on; `compared` is what it was in another state of the tree. */
export function hoverOf(snapshot: Snapshot, target: HoverTarget, described: TypeDescription | null, abilities: HoverAbilities, compared: readonly Block[] = []): Hover {
  const [title, ...rest] = pageOf(snapshot, target, described);
  return { span: target.span, text: shown(title === undefined ? compared : [title, ...compared, ...rest], abilities) };
}

/** The hover at an offset of a document; null where there is nothing of ours. */
export function hoverAt(snapshot: Snapshot, file: string, text: string, offset: number, abilities: HoverAbilities): Hover | null {
  const target = targetAt(snapshot, file, text, offset);
  return target === null ? null : hoverOf(snapshot, target, null, abilities);
}

/** The hover of one site, for the tooltip of its hint; null where the site is gone. */
export function siteHover(snapshot: Snapshot, siteId: string, abilities: HoverAbilities): string | null {
  const site = siteById(snapshot, siteId);
  return site === undefined ? null : shown(sitePage(siteDetails(snapshot, site), snapshot), abilities);
}

function shown(page: Page, { markdown, commandLinks }: HoverAbilities): string {
  return markdown ? markdownOf(page, commandLinks) : plainTextOf(page);
}

function pageOf(snapshot: Snapshot, target: HoverTarget, described: TypeDescription | null): Page {
  switch (target.kind) {
    case 'site': {
      const { family, kind } = target.site.site.fact;
      if (family === 'static' && kind === 'define') return variablePage(snapshot, target.site);
      return sitePage(siteDetails(snapshot, target.site), snapshot);
    }
    case 'struct':
      return typePage(target.type, target.sites, described, snapshot);
    case 'counter':
      return counterPage(target, snapshot);
    case 'variable':
      return variablePage(snapshot, target.site);
    case 'id':
      return idPage(target.id);
  }
}
