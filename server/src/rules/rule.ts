import type { FlowFact, FlowPlace } from '../facts/fileFacts';
import type { KernelVersion } from '../kernel/version';
import type { MachineProfile } from '../machine/profile';
import type { RuleSeverity } from '../profile/profile';
import type { FrequencyClass, ResolvedSite } from '../resolve/resolvedSite';
import type { RuleFacts } from '../resolve/ruleFacts';
import type { Interval } from '../util/interval';
import type { Span } from '../util/text';

/** One file as rules see it, on one machine and kernel. */
export interface RuleSubject {
  readonly file: string;
  /** In the order of the text. */
  readonly sites: readonly ResolvedSite[];
  readonly facts: RuleFacts;
  readonly kernel: KernelVersion;
  readonly machine: MachineProfile;
  /** True for classes in which cost is told unasked: more frequent than mounts. */
  readonly isHot: (frequencyClass: FrequencyClass) => boolean;
  /** What triggers a class, in a few words: `every fork and exec`. */
  readonly triggerWords: (frequencyClass: FrequencyClass) => string;
  /** CPUs beyond which creating what the site creates stops to scale; null where it is not known. */
  readonly kneeOf: (site: ResolvedSite) => Knee | null;
}

export interface Knee {
  readonly cpus: Interval;
  /** The lock that is full there. */
  readonly lock: string;
  readonly assumption: string;
}

/** What a rule has found, at one site. */
export interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly site: ResolvedSite;
  readonly message: string;
  /** Other places of the same file that the message speaks of. */
  readonly related: readonly Related[];
  /** Replacements within the site's span that are safe; null where there is none. */
  readonly fix: Fix | null;
}

export interface Related {
  readonly message: string;
  readonly span: Span;
  /** One-based. */
  readonly line: number;
}

export interface Fix {
  readonly title: string;
  readonly span: Span;
  /** What must stand there for the fix to be applied; its replacement is made from it. */
  readonly expected: RegExp;
  readonly replacement: string;
}

export interface Rule {
  /** As in settings, suppressions and SARIF; its part of docs/rules.md has it as title. */
  readonly id: string;
  readonly title: string;
  /** Unless settings say otherwise. */
  readonly severity: RuleSeverity;
  /** Why it matters, in one or two sentences. */
  readonly summary: string;
  readonly check: (subject: RuleSubject) => readonly Finding[];
}

type Told = Pick<Finding, 'message'> & Partial<Pick<Finding, 'related' | 'fix'>>;

export function finding(rule: Pick<Rule, 'id'>, { file }: RuleSubject, site: ResolvedSite, told: Told): Finding {
  return { rule: rule.id, file, site, related: [], fix: null, ...told };
}

export function flowOf({ facts }: RuleSubject, site: ResolvedSite): FlowFact | undefined {
  return facts.flows.find((flow) => flow.site === site.fact.span.start);
}

export function relatedTo({ text, offset, line }: FlowPlace, message: string): Related {
  return { message, line, span: { start: offset, end: offset + text.length } };
}

/** The class that a site is most often on and that cost is told for unasked; undefined where there is none. */
export function hotClass({ isHot }: RuleSubject, { reach }: ResolvedSite): FrequencyClass | undefined {
  return reach.find(({ frequencyClass }) => isHot(frequencyClass))?.frequencyClass;
}

/** Kinds of calls that create percpu memory where they are executed. */
export function isCreating({ fact }: ResolvedSite): boolean {
  return fact.kind === 'alloc' || fact.kind === 'init' || fact.kind === 'indirect';
}
