import { findingsIn, type ReportedFinding } from '../features/findings';
import { sarifLog } from '../features/sarif';
import type { Snapshot } from '../workspace/snapshot';
import { exitCodes, type Io } from './io';
import { readOptions, rootFolder } from './options';
import { markdownTable } from './table';
import { snapshotOf } from './treeSnapshot';

export const checkUsage = 'check [ROOT] [--cpus N] [--machine NAME] [--kernel X.Y] [--kconfig FILE] [--format text|json|markdown|sarif]';

/** Prints what the rules find below a folder; exit 1 where one of severity warning or error is not suppressed. */
export async function checkCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json', 'markdown', 'sarif']);
  const snapshot = await snapshotOf(rootFolder(options), options, io, factsEntry, processes);
  const findings = allFindings(snapshot);
  for (const { file, reason } of snapshot.problems) io.err(`${file}: ${reason}\n`);
  io.out(printed(findings, snapshot, options.format));
  return findings.some(isFailure) ? exitCodes.found : exitCodes.done;
}

/** Of every file, ordered by file and place. */
export function allFindings(snapshot: Snapshot): readonly ReportedFinding[] {
  return [...snapshot.sites.keys()].sort().flatMap((file) => findingsIn(snapshot, file));
}

function isFailure({ severity, suppressed }: ReportedFinding): boolean {
  return suppressed === null && (severity === 'warning' || severity === 'error');
}

function printed(findings: readonly ReportedFinding[], snapshot: Snapshot, format: string): string {
  switch (format) {
    case 'sarif':
      return `${JSON.stringify(sarifLog(findings, snapshot.root ?? ''), null, 1)}\n`;
    case 'json':
      return `${JSON.stringify(findings.map(findingRow), null, 1)}\n`;
    case 'markdown':
      return markdownTable(['place', 'rule', 'severity', 'finding'], findings.filter(isShown).map((one) => [placeOf(one), one.finding.rule, one.severity, one.finding.message]));
    default:
      return findings.filter(isShown).map((one) => `${placeOf(one)}: ${one.severity}: ${one.finding.message} [${one.finding.rule}]\n`).join('');
  }
}

function isShown({ suppressed }: ReportedFinding): boolean {
  return suppressed === null;
}

function placeOf({ finding: { file, site } }: ReportedFinding): string {
  return `${file}:${site.fact.line}:${site.fact.column}`;
}

function findingRow({ finding, siteId, severity, suppressed }: ReportedFinding): object {
  const { rule, file, site, message, related } = finding;
  const { line, column, api, function: name } = site.fact;
  return { rule, severity, file, line, column, function: name, api, message, site: siteId, related: related.map((one) => ({ line: one.line, message: one.message })), suppressed };
}
