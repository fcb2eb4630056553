import path from 'node:path';
import { fileFacts } from '../facts/analyse';
import { catalogueFor, type Catalogue } from '../kernel/catalogue';
import { mentionFilter, type MentionFilter } from '../kernel/catalogueMentions';
import type { FactsReply, FactsRequest } from '../workspace/factsMessages';
import { indexedFacts } from '../workspace/indexedFacts';
import { isBinary, readSource } from '../workspace/readSource';

/** Child process: reads files, leaves out those without percpu names, and sends the facts of the others. */

interface Configured {
  readonly root: string;
  readonly catalogue: Catalogue;
  readonly mentions: MentionFilter;
}

/** Files between two messages of progress. */
const progressStep = 100;

let configured: Configured | null = null;

process.on('message', (message: FactsRequest) => {
  if (message.kind === 'configure') {
    const catalogue = catalogueFor(null, message.extraApis);
    configured = { root: message.root, catalogue, mentions: mentionFilter(catalogue.byName.keys()) };
  } else if (configured !== null) {
    analyseAll(message.files, configured);
  }
});
process.on('disconnect', () => process.exit(0));

function send(reply: FactsReply): void {
  process.send?.(reply);
}

function analyseAll(files: readonly string[], settings: Configured): void {
  let sinceProgress = 0;
  for (const file of files) {
    analyse(file, settings);
    if (++sinceProgress === progressStep) {
      send({ kind: 'progress', files: sinceProgress });
      sinceProgress = 0;
    }
  }
  send({ kind: 'progress', files: sinceProgress });
  send({ kind: 'done', residentBytes: process.memoryUsage.rss() });
}

function analyse(file: string, { root, catalogue, mentions }: Configured): void {
  const source = readSource(path.join(root, file));
  if (source.kind === 'problem') {
    send({ kind: 'problem', file, reason: source.reason });
    return;
  }
  if (isBinary(source.bytes)) {
    send({ kind: 'problem', file, reason: 'is binary, not C text' });
    return;
  }
  if (!mentions(source.bytes)) return;
  send({ kind: 'begin', file });
  send({ kind: 'facts', file, facts: indexedFacts(fileFacts(source.bytes.toString('utf8'), catalogue)) });
}
