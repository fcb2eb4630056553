import { pairBrackets } from '../../syntax/brackets';
import { startAt } from '../../syntax/tokenAccess';
import type { Tokens } from '../../syntax/tokens';
import type { FlowFact, FlowPlace } from '../fileFacts';
import type { PlacedSite } from '../segmentFacts';
import type { Section } from './atomicSections';
import { atStart } from './state';
import { declaredIn, statementsOf } from './statements';
import { leave, runAll, type Walk } from './walk';

/** Statements looked at in one function: no function that a person writes takes a tenth of them. */
const mostSteps = 20_000;

/** Fewer places say it all. */
const mostLost = 4;

/** What creates percpu memory, and what visits all of it. */
const kinds: ReadonlySet<string> = new Set(['alloc', 'init', 'indirect', 'sum']);

interface Known {
  readonly kind: string;
  sections: readonly Section[] | null;
  checked: boolean;
  always: boolean;
  readonly lost: Map<number, string>;
  /** Returns of an error with it still there, which mean something where the function releases it on other ways. */
  readonly kept: Set<number>;
  isReleased: boolean;
}

/**
 * Follows the ways through a function's body, from tokens alone, and tells what they mean for its sites. A loop is
 * followed once, a `goto` forwards; where ways meet, only what holds on all of them is kept, so that silence means
 * nothing. Offsets count from the segment's start; lines are left to the file.
 */
export function flowFacts(tokens: Tokens, open: number, last: number, base: number, sites: readonly PlacedSite[]): readonly FlowFact[] {
  const followed = sites.filter(({ kind }) => kinds.has(kind));
  if (followed.length === 0) return [];
  const brackets = pairBrackets(tokens, open, last);
  const body = statementsOf(tokens, brackets, open);
  if (body === null) return [];
  const known = new Map(followed.map(({ span, kind }): [number, Known] => [span.start, { kind, sections: null, checked: false, always: true, lost: new Map(), kept: new Set(), isReleased: false }]));
  const walk: Walk = {
    tokens, brackets, base,
    sites: new Map(followed.map((site) => [site.span.start, site])),
    locals: declaredIn(tokens, brackets, body),
    depth: 0, conditions: 0, hasLeft: false, budget: mostSteps, gotos: new Map(), breaks: [], cases: [],
    reach: (site, sections, always) => note(known.get(site), sections, always),
    check: (site) => {
      const one = known.get(site);
      if (one !== undefined) one.checked = true;
    },
    release: (site) => {
      const one = known.get(site);
      if (one !== undefined) one.isReleased = true;
    },
    keep: (site, at) => known.get(site)?.kept.add(at),
    lose: (site, at, by) => known.get(site)?.lost.set(at, by),
  };
  for (const state of runAll(walk, body, [atStart])) leave(walk, { first: last - 1, last }, state);
  return walk.budget < 0 ? [] : [...known].flatMap(([site, one]) => factOf(walk, site, one));
}

function note(known: Known | undefined, sections: readonly Section[], always: boolean): void {
  if (known === undefined) return;
  known.always &&= always;
  known.sections = known.sections === null
    ? sections
    : known.sections.filter(({ group, lock }) => sections.some((other) => other.group === group && other.lock === lock));
}

function factOf(walk: Walk, site: number, known: Known): readonly FlowFact[] {
  const { kind, sections, checked, always } = known;
  const lost = known.isReleased ? new Map([...known.lost, ...[...known.kept].map((at) => [at, 'return'] as const)]) : known.lost;
  const innermost = sections?.at(-1);
  const isWorthIt = kind === 'sum' ? sections !== null && always : innermost !== undefined || lost.size > 0;
  if (!isWorthIt) return [];
  const place = (at: number, text: string): FlowPlace => ({ text, offset: startAt(walk.tokens, at) - walk.base, line: 0 });
  return [{
    site,
    atomic: innermost === undefined ? null : place(innermost.at, innermost.call),
    checked,
    always: sections !== null && always,
    lost: [...lost].slice(0, mostLost).map(([at, by]) => place(at, by)),
  }];
}
