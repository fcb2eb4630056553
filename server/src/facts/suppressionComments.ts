import { Code } from '../syntax/characters';
import { foldText } from '../syntax/directives';
import type { Scan } from '../syntax/segment';
import { endAt, startAt } from '../syntax/tokenAccess';
import type { Span } from '../util/text';
import type { FunctionFact, ProblemFact, SiteFact } from './fileFacts';

/**
 * A comment that asks for silence about what it stands at, with the reason: `percpu-lens: ignore grouping: the pages
 * are freed one by one`. It covers the call that it ends the line of, the statement that follows it, or the whole
 * function where it stands right above one.
 */
export interface SuppressionComment {
  /** Strategies and rules as written; `all` stands for every one. */
  readonly ids: readonly string[];
  /** Null where none is given: then nothing is suppressed. */
  readonly reason: string | null;
  readonly span: Span;
}

export interface Suppressions {
  readonly sites: readonly SiteFact[];
  /** Comments that say no reason or no id, or stand at no percpu call. */
  readonly problems: readonly ProblemFact[];
}

const marker = /\/[*/][*\s]*percpu-lens\s*:/g;

/** The sites, each with the comments that cover it; and what is wrong with comments. */
export function suppressionsOf(file: Scan, sites: readonly SiteFact[], functions: readonly FunctionFact[]): Suppressions {
  const comments = commentsIn(file, functions);
  if (comments.length === 0) return { sites, problems: [] };
  const covered = new Set<SuppressionComment>();
  const covering = sites.map((site) => {
    const own = comments.filter(({ covers }) => covers(site.span));
    for (const { comment } of own) covered.add(comment);
    return own.length === 0 ? site : { ...site, suppressions: own.map(({ comment }) => comment) };
  });
  return { sites: covering, problems: comments.flatMap(({ comment, line }) => problemsOf(comment, line, covered.has(comment))) };
}

interface Placed {
  readonly comment: SuppressionComment;
  /** One-based. */
  readonly line: number;
  readonly covers: (site: Span) => boolean;
}

/** More are no comments that a person wrote. */
const mostComments = 500;

function commentsIn(file: Scan, functions: readonly FunctionFact[]): readonly Placed[] {
  const { text, tokens } = file;
  const found: Placed[] = [];
  if (!text.includes('percpu-lens')) return found;
  let line = 1;
  let counted = 0;
  for (const { index } of text.matchAll(marker)) {
    const next = firstTokenFrom(file, index);
    const before = next > 0 ? endAt(tokens, next - 1) : 0;
    if (before > index || found.length === mostComments) continue;
    for (; counted < index; counted++) if (text.charCodeAt(counted) === Code.newline) line++;
    const lineStart = text.lastIndexOf('\n', index) + 1;
    const covers = before > lineStart ? onLine(lineStart, index) : inStatement(file, next, functions);
    found.push({ comment: commentAt(text, index), line, covers });
  }
  return found;
}

/** Calls that end on the comment's line, before it. */
function onLine(lineStart: number, comment: number): Placed['covers'] {
  return (site) => site.end > lineStart && site.start < comment;
}

/** The statement that follows, or the whole function. */
function inStatement(file: Scan, next: number, functions: readonly FunctionFact[]): Placed['covers'] {
  const start = startAt(file.tokens, next);
  const end = functions.find(({ span }) => span.start === start)?.span.end ?? statementEnd(file, next);
  return (site) => start <= site.start && site.start < end;
}

/** The first token that starts at the offset or after it. */
function firstTokenFrom({ tokens }: Scan, offset: number): number {
  let low = 0;
  let high = tokens.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startAt(tokens, middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const request = /^percpu-lens\s*:\s*ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*(?::\s*(.*))?$/s;

function commentAt(text: string, start: number): SuppressionComment {
  const block = text[start + 1] === '*';
  const close = text.indexOf(block ? '*/' : '\n', start + 2);
  const end = close === -1 ? text.length : close;
  const body = text.slice(start + 2, end).replace(/^[*\s]+/, '').replace(/\n\s*\*\s?/g, ' ');
  const [, ids = '', reason = ''] = request.exec(body.trim()) ?? [];
  const span = { start, end: close !== -1 && block ? end + 2 : end };
  return { ids: ids.split(/\s*,\s*/).filter((id) => id !== ''), reason: reason.trim() === '' ? null : foldText(reason), span };
}

/** Longer statements are no calls. */
const longestStatement = 256;

function statementEnd({ tokens }: Scan, first: number): number {
  let at = first;
  while (at < first + longestStatement && at < tokens.count && tokens.kinds[at] !== Code.semicolon && tokens.kinds[at] !== Code.openBrace) at++;
  return endAt(tokens, at);
}

function problemsOf({ ids, reason, span }: SuppressionComment, line: number, coversSites: boolean): readonly ProblemFact[] {
  const problem = (text: string): ProblemFact => ({ span, reason: `line ${String(line)}: ${text}` });
  if (ids.length === 0) return [problem('a percpu-lens comment is written "percpu-lens: ignore ID: reason"')];
  if (reason === null) return [problem(`"percpu-lens: ignore ${ids.join(', ')}" gives no reason, so nothing is ignored: add ": reason"`)];
  return coversSites ? [] : [problem(`"percpu-lens: ignore ${ids.join(', ')}" stands at no percpu call`)];
}
