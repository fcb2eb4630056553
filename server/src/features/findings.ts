import type { ResolvedSite } from '../resolve/resolvedSite';
import { noRuleFacts } from '../resolve/ruleFacts';
import type { RuleSeverity } from '../profile/profile';
import type { Finding, RuleSubject } from '../rules/rule';
import { rules } from '../rules/rules';
import type { Snapshot } from '../workspace/snapshot';
import { isHot, triggerWords } from './classWords';
import { kneeInUse } from './kneeInUse';
import { suppressedAt, type Suppressed } from './suppression';

/** A finding as it is to be shown. */
export interface ReportedFinding {
  readonly finding: Finding;
  /** Why such findings matter. */
  readonly summary: string;
  /** Identity of its site, which outlives edits elsewhere. */
  readonly siteId: string;
  readonly severity: Exclude<RuleSeverity, 'off'>;
  /** Who decided against showing it, and why; null where nobody did. */
  readonly suppressed: Suppressed | null;
}

const known = new WeakMap<Snapshot, Map<string, readonly ReportedFinding[]>>();

/** What the rules that are switched on find in one file, in the order of the text; sites still being resolved are left out. */
export function findingsIn(snapshot: Snapshot, file: string): readonly ReportedFinding[] {
  const byFile = known.get(snapshot) ?? new Map<string, readonly ReportedFinding[]>();
  known.set(snapshot, byFile);
  const found = byFile.get(file) ?? freshFindings(snapshot, file);
  byFile.set(file, found);
  return found;
}

function freshFindings(snapshot: Snapshot, file: string): readonly ReportedFinding[] {
  const settled = (snapshot.sites.get(file) ?? []).filter((site) => site.settled);
  if (settled.length === 0) return [];
  const subject = subjectOf(snapshot, file, settled.map(({ site }) => site));
  const ids = new Map(settled.map(({ id, site }) => [site, id]));
  return rules
    .flatMap((rule) => {
      const severity = snapshot.profile.rules.get(rule.id) ?? rule.severity;
      return severity === 'off' ? [] : rule.check(subject).map((finding) => ({
        finding,
        summary: rule.summary,
        siteId: ids.get(finding.site) ?? '',
        severity,
        suppressed: suppressedAt(snapshot, finding.rule, finding.site),
      }));
    })
    .sort((a, b) => a.finding.site.fact.span.start - b.finding.site.fact.span.start);
}

function subjectOf(snapshot: Snapshot, file: string, sites: readonly ResolvedSite[]): RuleSubject {
  return {
    file,
    sites,
    facts: snapshot.ruleFacts.get(file) ?? noRuleFacts,
    kernel: snapshot.kernel,
    machine: snapshot.machine,
    isHot,
    triggerWords,
    kneeOf: (site) => kneeInUse(snapshot, site),
  };
}
