import path from 'node:path';
import { analyseDocument, type DocumentAnalysis } from './facts/analyse';
import { catalogueFor } from './kernel/catalogue';
import { serve } from './lsp/server';

/** The language server's process: `--stdio` or `--node-ipc`. */

const catalogue = catalogueFor(null);
const analyses = new Map<string, DocumentAnalysis>();
/** Documents whose analysis is kept for the next edit. */
const keptAnalyses = 16;

serve({
  entries: {
    analysis: path.join(__dirname, 'analysisWorker.cjs'),
    simulation: path.join(__dirname, 'simulationWorker.cjs'),
  },
  factsOf: (file, text) => {
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
