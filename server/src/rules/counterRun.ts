import type { ResolvedSite } from '../resolve/resolvedSite';
import { atLeast, kernelVersion } from '../kernel/version';
import { finding, hotClass, type Rule, type RuleSubject } from './rule';

/** Lines from one call to the next with no more than an error check between them. */
const nearLines = 6;

/** `percpu_counter_init` several times in a row, for one object, with the same amount and flags. */
export const counterRun: Rule = {
  id: 'counter-run',
  title: 'Counters initialised one after the other',
  severity: 'hint',
  summary:
    'Each percpu_counter_init allocates, and takes the allocator’s locks and percpu_counters_lock. percpu_counter_init_many (6.6) does it once for counters that are elements of one array, with one amount and one gfp.',
  check: (subject) => {
    if (!atLeast(subject.kernel, kernelVersion(6, 6))) return [];
    return runsOf(subject).map((run) => toldOf(subject, run));
  },
};

function runsOf(subject: RuleSubject): readonly (readonly ResolvedSite[])[] {
  const runs: ResolvedSite[][] = [];
  let run: ResolvedSite[] = [];
  for (const site of subject.sites) {
    if (!isInit(subject, site)) continue;
    const before = run.at(-1);
    if (before !== undefined && continues(before, site)) run.push(site);
    else runs.push((run = [site]));
  }
  return runs.filter(({ length }) => length > 1);
}

function isInit(subject: RuleSubject, site: ResolvedSite): boolean {
  const { api, inMacro, loop } = site.fact;
  return api === 'percpu_counter_init' && !inMacro && loop === null && hotClass(subject, site) !== undefined;
}

function continues(a: ResolvedSite, b: ResolvedSite): boolean {
  const [targetA = '', amountA, gfpA] = a.fact.arguments;
  const [targetB = '', amountB, gfpB] = b.fact.arguments;
  return (
    a.fact.function === b.fact.function && a.fact.condition === b.fact.condition && b.fact.line - a.fact.line <= nearLines &&
    amountA === amountB && gfpA === gfpB && ownerOf(targetA) === ownerOf(targetB)
  );
}

/** `&mm->` of `&mm->stat`. */
function ownerOf(target: string): string {
  return /^(.*(?:->|\.))\w+(?:\[[^\]]*\])?$/.exec(target.replace(/\s+/g, ''))?.[1] ?? target;
}

function toldOf(subject: RuleSubject, run: readonly ResolvedSite[]): ReturnType<typeof finding> {
  const [first, ...rest] = run;
  if (first === undefined) throw new Error('a run has two calls or more');
  return finding(counterRun, subject, first, {
    message: `${run.length} counters are initialised one after the other with the same amount and flags: as one array, percpu_counter_init_many would allocate once.`,
    related: rest.map(({ fact }) => ({ message: `also ${fact.arguments[0] ?? fact.api}`, span: fact.nameSpan, line: fact.line })),
  });
}
