import type { Holding } from './holdings';

/** What a condition says of a creation, where it holds: `fails`: there is nothing; `works`: it is there. */
export type Verdict = 'fails' | 'works' | 'unclear' | 'silent';

/** A condition that is one test, or several joined by `||` alone or by `&&` alone. */
export interface Condition {
  readonly terms: readonly string[];
  readonly joined: 'or' | 'and';
}

/** Null where tests are mixed, so that one alone decides nothing. */
export function conditionOf(text: string): Condition | null {
  const bare = text.replace(/\b(?:un)?likely\s*\(/g, '(');
  const hasAnd = bare.includes('&&');
  if (hasAnd && bare.includes('||')) return null;
  return { terms: bare.split(hasAnd ? '&&' : '||').map(stripped), joined: hasAnd ? 'and' : 'or' };
}

/** Without spaces and without brackets around all of it. */
function stripped(text: string): string {
  let tight = text.replace(/\s+/g, '');
  while (tight.startsWith('(') && tight.endsWith(')') && isOneGroup(tight)) tight = tight.slice(1, -1);
  return tight;
}

function isOneGroup(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')' && --depth === 0 && at < text.length - 1) return false;
  }
  return depth === 0;
}

/** What the condition's two branches know of a holding that is not tested yet. */
export function branchesOf(condition: Condition | null, text: string, { test }: Holding): { readonly then: Verdict; readonly otherwise: Verdict } {
  if (test === null || !mentions(text, test.name)) return { then: 'silent', otherwise: 'silent' };
  if (condition === null) return { then: 'unclear', otherwise: 'unclear' };
  const found = condition.terms.map((term) => termVerdict(term, test.name, test.isPointer)).find((verdict) => verdict !== 'silent') ?? 'unclear';
  return branches(condition, found);
}

/** The same for a call that stands in the condition itself. */
export function branchesOfCall(condition: Condition | null, api: string, isPointer: boolean): { readonly then: Verdict; readonly otherwise: Verdict } {
  const term = condition?.terms.find((one) => new RegExp(`\\b${api}\\(`).test(one));
  if (condition === null || term === undefined) return { then: 'unclear', otherwise: 'unclear' };
  return branches(condition, callVerdict(term, isPointer));
}

function branches({ terms, joined }: Condition, found: Verdict): { readonly then: Verdict; readonly otherwise: Verdict } {
  const alone = terms.length === 1;
  if (found === 'fails' && joined === 'or') return { then: 'fails', otherwise: 'works' };
  if (found === 'works' && (joined === 'and' || alone)) return { then: 'works', otherwise: 'fails' };
  if (found === 'fails' && alone) return { then: 'fails', otherwise: 'works' };
  return { then: 'unclear', otherwise: 'unclear' };
}

function callVerdict(term: string, isPointer: boolean): Verdict {
  const isNegated = term.startsWith('!');
  const isNull = /==NULL$/.test(term);
  if (isPointer) return isNegated || isNull ? 'fails' : 'works';
  if (/==0$/.test(term)) return 'works';
  return isNegated ? 'works' : 'fails';
}

function termVerdict(term: string, name: string, isPointer: boolean): Verdict {
  if (!mentions(term, name)) return 'silent';
  const works = isPointer ? [name, `${name}!=NULL`] : [`!${name}`, `${name}==0`, `${name}>=0`];
  const fails = isPointer
    ? [`!${name}`, `${name}==NULL`, `NULL==${name}`, `IS_ERR(${name})`, `IS_ERR_OR_NULL(${name})`]
    : [name, `${name}<0`, `${name}!=0`];
  return works.includes(term) ? 'works' : fails.includes(term) ? 'fails' : 'unclear';
}

/** True where the text names the variable or member, not one that only contains or extends its name. */
function mentions(text: string, name: string): boolean {
  const tight = text.replace(/\s+/g, '');
  for (let at = tight.indexOf(name); at !== -1; at = tight.indexOf(name, at + 1)) {
    const before = tight[at - 1] ?? ' ';
    const after = tight[at + name.length] ?? ' ';
    if (!/[\w.>]/.test(before) && !/\w/.test(after)) return true;
  }
  return false;
}

const errorNames = /^(?:ret|err|rc|error|retval|rv|rval|result|status)\d*$/;

/** The error code that a condition says is set, by the kernel's names for such variables; null where it says nothing. */
export function failingIn(condition: Condition | null): string | null {
  const [term, ...others] = condition?.terms ?? [];
  if (term === undefined || others.length > 0) return null;
  const name = /^(\w+)(?:<0|!=0)?$/.exec(term)?.[1] ?? '';
  return errorNames.test(name) ? name : null;
}

/** True where a returned value can only mean failure. */
export function returnsError(text: string, failing: string | null): boolean {
  return /^(?:-E[A-Z]+|NULL|ERR_PTR\s*\(.*|ERR_CAST\s*\(.*)$/.test(text) || (failing !== null && (text === failing || text === `ERR_PTR(${failing})`));
}
