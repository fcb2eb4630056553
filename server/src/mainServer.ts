import path from 'node:path';
import { analyseDocument, type DocumentAnalysis } from './facts/analyse';
import type { Api } from './kernel/api';
import { catalogueFor, type Catalogue } from './kernel/catalogue';
import { serve } from './lsp/server';
import type { FactsOf } from './workspace/openFiles';
import { isSilent } from './workspace/silentText';

/** The language server's process: `--stdio` or `--node-ipc`, and `--no-cache`. */

/** One for each project's own entries. */
const catalogues = new Map<string, Catalogue>();
const analyses = new Map<string, DocumentAnalysis>();
/** Documents whose analysis is kept for the next edit. */
const keptAnalyses = 16;

declare const PERCPU_LENS_VERSION: string;

serve({
  version: PERCPU_LENS_VERSION,
  entries: {
    analysis: path.join(__dirname, 'analysisWorker.cjs'),
    simulation: path.join(__dirname, 'simulationWorker.cjs'),
    baseline: path.join(__dirname, 'baselineWorker.cjs'),
    chunkMap: path.join(__dirname, 'chunkMapWorker.cjs'),
  },
  cache: !process.argv.includes('--no-cache'),
  factsOf: (file, text, apis) => {
    const catalogue = catalogueWith(apis);
    if (isSilent(text, catalogue)) return nothing;
    const analysis = analyseDocument(text, catalogue, analyses.get(file));
    analyses.delete(file);
    analyses.set(file, analysis);
    for (const oldest of analyses.keys()) {
      if (analyses.size <= keptAnalyses) break;
      analyses.delete(oldest);
    }
    return analysis.facts;
  },
});

const nothing: ReturnType<FactsOf> = { sites: [], functions: [], flows: [], registrations: [], problems: [] };

function catalogueWith(apis: readonly Api[]): Catalogue {
  const key = JSON.stringify(apis);
  const catalogue = catalogues.get(key) ?? catalogueFor(null, apis);
  catalogues.set(key, catalogue);
  return catalogue;
}
