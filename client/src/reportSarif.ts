import type { Report, ReportSite } from '../../server/src/protocol/report';
import { bytes, duration, trigger } from '../views/format';
import type { ExportedComparison } from '../views/messages';
import type { ExportRow } from './exportRows';

const rule = {
  id: 'percpu-cost',
  name: 'PercpuCost',
  shortDescription: { text: 'What a percpu allocation costs on the configured machine' },
  fullDescription: { text: 'Footprint is the size rounded up to 4 bytes, times the possible CPUs; times are those of one execution while nobody else allocates.' },
  defaultConfiguration: { level: 'note' },
};

/** The sites as SARIF 2.1.0: a note each, for tools that show findings beside code. */
export function reportSarif(report: Report, rows: readonly ExportRow[], compared: ExportedComparison | null): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Percpu Lens', rules: [rule] } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'Root of the kernel tree' } } },
        properties: { kernel: report.kernel, machine: report.machine, possibleCpus: report.cpus.possible, onlineCpus: report.cpus.online, calibrated: report.calibrated, ...(compared === null ? {} : { comparedWith: compared.name }) },
        results: rows.map((row) => result(report, row, compared)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** What a commit says of a result that it has too, or alone. */
const baselineStates = { added: 'new', changed: 'updated', removed: 'absent' } as const;

function result(report: Report, row: ExportRow, compared: ExportedComparison | null): object {
  const { site } = row;
  const change = row.other?.change ?? null;
  return {
    ruleId: rule.id,
    ruleIndex: 0,
    level: 'note',
    ...(compared?.kind === 'commit' ? { baselineState: change === null ? 'unchanged' : baselineStates[change] } : {}),
    message: { text: `${row.gone ? `${site.api}: no longer here.` : sentence(report, site)}${compared === null ? '' : otherSentence(row, compared)}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: encodeURI(site.file), uriBaseId: 'SRCROOT' }, region: { startLine: site.line } },
        logicalLocations: logicalLocations(site),
      },
    ],
    partialFingerprints: { site: [site.file, site.function ?? site.variable ?? '', site.api, site.first_argument ?? ''].join('|') },
  };
}

function logicalLocations({ function: enclosing, variable }: ReportSite): object[] {
  if (enclosing !== null) return [{ name: enclosing, kind: 'function' }];
  return variable === null ? [] : [{ name: variable, kind: 'variable' }];
}

function sentence({ cpus, calibrated }: Report, site: ReportSite): string {
  const size = site.footprint === null ? `size unknown because ${site.size_reason}` : `${bytes(site.footprint)} over ${String(cpus.possible)} possible CPUs`;
  const create = site.create?.ns == null ? '' : `; create ${duration(site.create.ns)}`;
  const destroy = site.destroy?.ns == null ? '' : `; destroy ${duration(site.destroy.ns)}`;
  const caveat = create + destroy === '' || calibrated ? '' : ' (uncalibrated: order of magnitude)';
  return `${site.api}: ${size}; ${site.frequency_class.map(trigger).join(', ')}${create}${destroy}${caveat}.`;
}

function otherSentence(row: ExportRow, compared: ExportedComparison): string {
  const figures = row.other?.figures ?? null;
  if (figures === null) return ` Not in ${compared.name}.`;
  return figures.footprint === null ? '' : ` ${bytes(figures.footprint)} ${compared.kind === 'commit' ? 'in' : 'on'} ${compared.name}.`;
}
