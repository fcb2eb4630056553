import type { SiteFact } from '../facts/fileFacts';
import { siteName } from '../features/siteName';
import type { ApiFamily } from '../kernel/api';
import { catalogueFor } from '../kernel/catalogue';
import { neverCancelled } from '../util/cancellation';
import type { PassingFacts } from '../workspace/factsMessages';
import { factsPool } from '../workspace/factsProcess';
import { scanFiles, type ScanOptions } from '../workspace/scanFiles';
import { sourceLister, type FileProblem, type SourceLister } from '../workspace/sourceFiles';
import { wrapperSites, type WrapperSite } from '../workspace/wrapperSites';
import { toCsv } from '../util/csv';
import { exitCodes, type Io } from './io';
import { readOptions, rootFolder, type CommonOptions } from './options';
import { progressLine } from './progress';
import { folderSource } from '../workspace/treeSource';
import { siteRow, type SiteRow } from './siteRow';

export const sitesUsage = 'sites [ROOT] [--family dyn,counter,up,static] [--format text|json|jsonl|csv]';

/** Lists every percpu call site below a folder, those behind wrappers too, ordered by file and place. */
export async function sitesCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json', 'jsonl', 'csv']);
  const root = rootFolder(options);
  for (const note of options.profileNotes) io.err(`${note}\n`);
  const pool = factsPool(factsEntry, folderSource(root), options.profile.apis);
  pool.prepare(processes);
  const lister = sourceLister(root);
  const progress = progressLine(io, 'files');
  const found = await findSites(lister, options, { pool, processes, onProgress: (done) => progress.update(done, null) });
  pool.close();
  progress.clear();
  const { files, problems } = lister.all();
  for (const { file, reason } of [...problems, ...found.problems]) io.err(`${file}: ${reason}\n`);
  io.out(printed(found.rows, options.format));
  if (found.rows.length === 0) io.err(`no percpu call sites in the ${files.length} .c and .h files below ${root}\n`);
  return exitCodes.done;
}

interface Found {
  readonly rows: readonly SiteRow[];
  readonly problems: readonly FileProblem[];
}

async function findSites(
  lister: SourceLister, { families, profile }: Pick<CommonOptions, 'families' | 'profile'>, { pool, processes, onProgress }: Required<Pick<ScanOptions, 'pool' | 'processes' | 'onProgress'>>,
): Promise<Found> {
  const sites = new Map<string, readonly SiteFact[]>();
  const passing = new Map<string, PassingFacts>();
  const problems: FileProblem[] = [];
  const common = { pool, processes, cancellation: neverCancelled, onProblem: (file: string, reason: string) => problems.push({ file, reason }) };
  await scanFiles(lister, {
    ...common,
    task: { kind: 'sites', families },
    onProgress,
    onSites: ({ file, sites: own, problems: reasons, passing: passed }) => {
      if (own.length > 0) sites.set(file, own);
      if (passed !== null) passing.set(file, passed);
      problems.push(...reasons.map((reason) => ({ file, reason })));
    },
  });
  const { byName } = catalogueFor(null, profile.apis);
  const behind = await wrapperSites({ files: lister.all().files, sites, passing }, { ...common, apiOf: (name) => byName.get(name) });
  const all = [...new Set([...sites.keys(), ...behind.keys()])].sort();
  const rows = all.flatMap((file) => rowsOf(file, sites.get(file) ?? [], ofFamilies(behind.get(file) ?? [], families)));
  return { rows, problems };
}

function ofFamilies(sites: readonly WrapperSite[], families: readonly ApiFamily[] | null): readonly WrapperSite[] {
  return families === null ? sites : sites.filter(({ site }) => families.includes(site.family));
}

function rowsOf(file: string, sites: readonly SiteFact[], further: readonly WrapperSite[]): readonly SiteRow[] {
  const rows = [...sites.map((site) => siteRow(file, site)), ...further.map(({ site, via }) => siteRow(file, site, via))];
  return rows.sort((a, b) => a.line - b.line || a.column - b.column);
}

function printed(rows: readonly SiteRow[], format: string): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows, null, 2)}\n`;
    case 'jsonl':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'csv':
      return toCsv(rows);
    default:
      return rows.map((row) => `${row.file}:${row.line}:${row.column}: ${siteName(row)}\n`).join('');
  }
}
