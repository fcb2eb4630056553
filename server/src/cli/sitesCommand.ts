import { neverCancelled } from '../util/cancellation';
import { factsPool } from '../workspace/factsProcess';
import { scanFiles } from '../workspace/scanFiles';
import { listSourceFiles, type FileProblem } from '../workspace/sourceFiles';
import { toCsv } from '../util/csv';
import { exitCodes, type Io } from './io';
import { readOptions, rootFolder } from './options';
import { progressLine } from './progress';
import { folderSource } from '../workspace/treeSource';
import { siteRow, type SiteRow } from './siteRow';

export const sitesUsage = 'sites [ROOT] [--family dyn,counter,up,static] [--format text|json|jsonl|csv]';

/** Lists every percpu call site below a folder, ordered by file and place. */
export async function sitesCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json', 'jsonl', 'csv']);
  const root = rootFolder(options);
  for (const note of options.profileNotes) io.err(`${note}\n`);
  const pool = factsPool(factsEntry, folderSource(root), options.profile.apis);
  pool.prepare(processes);
  const listing = await listSourceFiles(root, neverCancelled);
  const rows = new Map<string, readonly SiteRow[]>();
  const problems: FileProblem[] = [...listing.problems];
  const progress = progressLine(io, 'files', listing.files.length);
  await scanFiles(listing.files, {
    pool,
    processes,
    task: { kind: 'sites', families: options.families },
    cancellation: neverCancelled,
    onSites: (file, sites, reasons) => {
      if (sites.length > 0) rows.set(file, sites.map((site) => siteRow(file, site)));
      problems.push(...reasons.map((reason) => ({ file, reason })));
    },
    onProblem: (file, reason) => problems.push({ file, reason }),
    onProgress: progress.update,
  });
  pool.close();
  progress.clear();
  for (const { file, reason } of problems) io.err(`${file}: ${reason}\n`);
  const ordered = [...rows.keys()].sort().flatMap((file) => rows.get(file) ?? []);
  io.out(printed(ordered, options.format));
  if (ordered.length === 0) io.err(`no percpu call sites in the ${listing.files.length} .c and .h files below ${root}\n`);
  return exitCodes.done;
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
      return rows.map((row) => `${row.file}:${row.line}:${row.column}: ${row.api} in ${row.function ?? 'file scope'}\n`).join('');
  }
}
