import { fileFacts } from '../facts/analyse';
import type { Api } from '../kernel/api';
import { catalogueFor, mentionedNames, type Catalogue } from '../kernel/catalogue';
import { mentionFilter, mentionFinder } from '../kernel/catalogueMentions';
import type { FactsReply, FactsRequest, FactsTask } from '../workspace/factsMessages';
import { indexedFacts, linkFacts } from '../workspace/indexedFacts';
import { isBinary } from '../workspace/readSource';
import { sourceReader, type SourceReader } from '../workspace/treeSource';

/** Child process: reads files, and sends facts of them or the names that they mention. */

interface Configured {
  readonly reader: SourceReader;
  readonly extraApis: readonly Api[];
}

type FileWork = (file: string, bytes: Buffer) => void;

/** Files between two messages of progress. */
const progressStep = 100;

/** With no API known, facts are what links functions, read without parsing. */
const noApis: Catalogue = { byName: new Map(), identity: '' };

let configured: Configured | null = null;
let work: FileWork = () => undefined;

process.on('message', (message: FactsRequest) => {
  if (message.kind === 'configure') configured = { reader: sourceReader(message.source), extraApis: message.extraApis };
  else if (configured === null) return;
  else if (message.kind === 'task') work = workOf(message.task, configured);
  else doAll(message.files, configured.reader);
});
process.on('disconnect', () => process.exit(0));

function send(reply: FactsReply): void {
  // A parent that is gone needs no answer.
  process.send?.(reply, undefined, undefined, () => undefined);
}

function workOf(task: FactsTask, { extraApis }: Configured): FileWork {
  switch (task.kind) {
    case 'analyse': {
      const catalogue = catalogueFor(null, [...(task.furtherApis ?? []), ...extraApis]);
      const mentions = mentionFilter(mentionedNames(catalogue));
      return (file, bytes) => {
        if (mentions(bytes)) sendFacts(file, bytes, catalogue);
      };
    }
    case 'mentions': {
      const find = mentionFinder(task.names);
      return (file, bytes) => {
        const names = find(bytes);
        if (names.length > 0) send({ kind: 'mentioned', file, names });
      };
    }
    case 'link':
      return (file, bytes) => {
        send({ kind: 'begin', file });
        send({ kind: 'facts', file, facts: linkFacts(fileFacts(bytes.toString('utf8'), noApis)) });
      };
  }
}

function sendFacts(file: string, bytes: Buffer, catalogue: Catalogue): void {
  send({ kind: 'begin', file });
  send({ kind: 'facts', file, facts: indexedFacts(fileFacts(bytes.toString('utf8'), catalogue)) });
}

function doAll(files: readonly string[], reader: SourceReader): void {
  let sinceProgress = 0;
  for (const file of files) {
    doOne(file, reader);
    if (++sinceProgress === progressStep) {
      send({ kind: 'progress', files: sinceProgress });
      sinceProgress = 0;
    }
  }
  send({ kind: 'progress', files: sinceProgress });
  send({ kind: 'done', residentBytes: process.memoryUsage.rss() });
}

function doOne(file: string, reader: SourceReader): void {
  const source = reader.read(file);
  if (source.kind === 'problem') send({ kind: 'problem', file, reason: source.reason });
  else if (isBinary(source.bytes)) send({ kind: 'problem', file, reason: 'is binary, not C text' });
  else work(file, source.bytes);
}
