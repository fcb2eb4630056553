import { pathToFileURL } from 'node:url';
import type { RuleSeverity } from '../profile/profile';
import type { Rule } from '../rules/rule';
import { rules } from '../rules/rules';
import type { ReportedFinding } from './findings';

/** A log of SARIF 2.1.0 (OASIS standard), as code-scanning services and viewers read it. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly SarifRun[];
}

interface SarifRun {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly SarifRule[] } };
  readonly originalUriBaseIds: { readonly SRCROOT: { readonly uri: string } };
  readonly results: readonly SarifResult[];
}

interface SarifText {
  readonly text: string;
}

type Level = 'none' | 'note' | 'warning' | 'error';

interface SarifRule {
  readonly id: string;
  readonly shortDescription: SarifText;
  readonly fullDescription: SarifText;
  readonly defaultConfiguration: { readonly enabled: boolean; readonly level: Level };
}

interface SarifLocation {
  readonly message?: SarifText;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: 'SRCROOT' };
    readonly region: { readonly startLine: number };
  };
  readonly logicalLocations?: readonly { readonly name: string; readonly kind: 'function' }[];
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: Level;
  readonly message: SarifText;
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations: readonly SarifLocation[];
  /** The site's identity: the same when only lines have moved. */
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions: readonly { readonly kind: 'inSource' | 'external'; readonly justification: string }[];
}

const levels: Readonly<Record<RuleSeverity, Level>> = { off: 'none', hint: 'note', information: 'note', warning: 'warning', error: 'error' };

/** Findings over a tree as one SARIF run; `root` is the absolute folder that their files are relative to. */
export function sarifLog(findings: readonly ReportedFinding[], root: string): SarifLog {
  const folder = pathToFileURL(`${root.replace(/\/+$/, '')}/`).toString();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'Percpu Lens', rules: rules.map(sarifRule) } },
      originalUriBaseIds: { SRCROOT: { uri: folder } },
      results: findings.map(sarifResult),
    }],
  };
}

function sarifRule({ id, title, summary, severity }: Rule): SarifRule {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: summary },
    defaultConfiguration: { enabled: severity !== 'off', level: levels[severity] },
  };
}

function sarifResult({ finding, siteId, severity, suppressed }: ReportedFinding): SarifResult {
  const { file, site, message, related } = finding;
  const { function: name, line } = site.fact;
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex(({ id }) => id === finding.rule),
    level: levels[severity],
    message: { text: message },
    locations: [{ ...locationOf(file, line), ...(name === null ? {} : { logicalLocations: [{ name, kind: 'function' as const }] }) }],
    relatedLocations: related.map((one) => ({ ...locationOf(file, one.line), message: { text: one.message } })),
    partialFingerprints: { 'percpuLensSite/v1': `${finding.rule} ${siteId}` },
    suppressions: suppressed === null ? [] : [{ kind: suppressed.by === 'comment' ? 'inSource' : 'external', justification: suppressed.reason }],
  };
}

function locationOf(file: string, line: number): SarifLocation {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return { physicalLocation: { artifactLocation: { uri, uriBaseId: 'SRCROOT' }, region: { startLine: line } } };
}
