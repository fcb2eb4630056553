import { pathToFileURL } from 'node:url';
import type { DiffReport, DiffSite, SiteChange } from '../protocol/diff';
import { callText, remarks } from './diffSiteText';
import { sizeChange, timeChange } from './diffAmounts';
import { signedBytes } from '../features/diff/signedBytes';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/: what of it is written here. */
interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly SarifRun[];
}

interface SarifRun {
  readonly tool: { readonly driver: { readonly name: string; readonly version: string; readonly rules: readonly SarifRule[] } };
  readonly originalUriBaseIds: { readonly SRCROOT: { readonly uri: string } };
  readonly results: readonly SarifResult[];
}

interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly defaultConfiguration: { readonly level: 'note' | 'error' };
}

interface SarifResult {
  readonly ruleId: string;
  readonly level: 'note' | 'error';
  readonly message: { readonly text: string };
  readonly baselineState?: 'new' | 'updated' | 'absent';
  readonly locations?: readonly SarifLocation[];
  readonly partialFingerprints?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: 'SRCROOT' };
    readonly region: { readonly startLine: number };
  };
  readonly logicalLocations?: readonly { readonly name: string; readonly kind: 'function' }[];
}

const rules: readonly SarifRule[] = [
  { id: 'percpu-site', shortDescription: { text: 'A percpu site was added, removed or changed.' }, defaultConfiguration: { level: 'note' } },
  { id: 'percpu-limit', shortDescription: { text: 'A change adds more percpu cost than its limit allows.' }, defaultConfiguration: { level: 'error' } },
];

const states = { added: 'new', removed: 'absent', changed: 'updated' } as const;

/** The difference as SARIF 2.1.0: each changed site with its baseline state, each broken limit as an error. */
export function diffSarif(report: DiffReport, root: string, version: string): string {
  const log: SarifLog = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Percpu Lens', version, rules } },
        originalUriBaseIds: { SRCROOT: { uri: pathToFileURL(`${root.replace(/\/+$/, '')}/`).toString() } },
        results: [
          ...report.changes.map((change) => siteResult(change, report)),
          ...report.broken_limits.map(({ limit, reason }): SarifResult => ({ ruleId: 'percpu-limit', level: 'error', message: { text: `${limit}: ${reason}` } })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function siteResult(change: SiteChange, report: DiffReport): SarifResult {
  const site = change.after ?? change.before;
  return {
    ruleId: 'percpu-site',
    level: 'note',
    baselineState: states[change.change],
    message: { text: messageText(change, report) },
    ...(site === null ? {} : { locations: [location(site)], partialFingerprints: { 'percpuLensSite/v1': `percpu-site ${site.id}` } }),
    properties: {
      aspects: change.aspects,
      footprintDifference: change.footprint_difference,
      before: figures(change.before),
      after: figures(change.after),
    },
  };
}

function messageText(change: SiteChange, { cpus }: DiffReport): string {
  const facts = [
    sizeChange(change) === '' ? '' : `${sizeChange(change)} per CPU`,
    `${signedBytes(change.footprint_difference)} on ${cpus.possible} possible CPUs`,
    timeChange(change, 'create'), timeChange(change, 'destroy'), remarks(change),
  ];
  return `${change.change}: ${callText(change)}: ${facts.filter((text) => text !== '').join('; ')}`;
}

function location({ file, line, function: name }: DiffSite): SarifLocation {
  return {
    physicalLocation: { artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' }, region: { startLine: line } },
    ...(name === null ? {} : { logicalLocations: [{ name, kind: 'function' }] }),
  };
}

function figures(site: DiffSite | null): Readonly<Record<string, unknown>> | null {
  if (site === null) return null;
  const { size, footprint, frequency_class: trigger, create, destroy, locks } = site;
  return { size, footprint, frequencyClass: trigger, createNs: create?.ns ?? null, destroyNs: destroy?.ns ?? null, locks };
}
