import { fileFacts, fileFactsTwice, fileSites } from '../facts/analyse';
import type { Api, ApiFamily } from '../kernel/api';
import { catalogueFor, catalogueOfFamilies, mentionedNames, type Catalogue } from '../kernel/catalogue';
import { mentionFilter, mentionFinder, mentionPlaces } from '../kernel/catalogueMentions';
import { mayPassOn } from '../resolve/wrappers';
import { blobId } from '../workspace/blobId';
import type { FactsReply, FactsRequest, FactsTask, IndexedFacts } from '../workspace/factsMessages';
import { indexedFacts, linkFacts } from '../workspace/indexedFacts';
import { isBinary } from '../workspace/readSource';
import { surveyFolder } from '../workspace/survey';
import { sourceReader, type SourceReader, type TreeSource } from '../workspace/treeSource';

/** Child process: reads files, and sends facts of them or the names that they mention. */

interface Configured {
  readonly source: TreeSource;
  /** Of a commit: the blobs of the batch that is done now. */
  readonly blobs: Map<string, string>;
  readonly reader: SourceReader;
  readonly extraApis: readonly Api[];
}

type FileWork = (file: string, bytes: Buffer) => void;

/** Files between two messages of progress. */
const progressStep = 100;
const mostWaiting = 16;
/** Files that are asked for together: those of a commit come from git, and one at a time each waits for an answer. */
const readTogether = 32;

/** With no API known, facts are what links functions, read without parsing. */
const noApis: Catalogue = { byName: new Map(), identity: '' };

let configured: Configured | null = null;
let work: FileWork = () => undefined;

process.on('message', (message: FactsRequest) => {
  if (message.kind === 'configure') configured = configuredFor(message.source, message.extraApis);
  else if (configured === null) return;
  else if (message.kind === 'survey') look(message.withStamps, configured);
  else if (message.kind === 'task') work = workOf(message.task, configured);
  else doAll(message.files, message.blobs, configured);
});
process.on('disconnect', () => process.exit(0));

const waiting: FactsReply[] = [];

/** Answers go together, and at the latest before what may take long: a message costs as much as reading several files. */
function send(reply: FactsReply): void {
  waiting.push(reply);
  if (reply.kind !== 'begin' && reply.kind !== 'done' && waiting.length < mostWaiting) return;
  // A parent that is gone needs no answer.
  process.send?.(waiting.splice(0), undefined, undefined, () => undefined);
}

function workOf(task: FactsTask, { extraApis }: Configured): FileWork {
  switch (task.kind) {
    case 'sites':
      return sitesWork(catalogueFor(null, extraApis), task.families);
    case 'analyse': {
      const catalogue = catalogueFor(null, [...task.furtherApis, ...extraApis]);
      const mentions = mentionFilter(mentionedNames(catalogue));
      const known = new Set(task.knownContents);
      return (file, bytes) => {
        if (mentions(bytes)) sendFacts(file, bytes, known, (text) => indexedFacts(fileFacts(text, catalogue, { said: true })));
      };
    }
    case 'analyse twice':
      return workOfTwo(task.furtherApis, extraApis);
    case 'mentions': {
      const find = mentionFinder(task.names);
      return (file, bytes) => {
        const names = find(bytes);
        if (names.length > 0) send({ kind: 'mentioned', file, names });
      };
    }
    case 'link': {
      const known = new Set(task.knownContents);
      return (file, bytes) => sendFacts(file, bytes, known, (text) => linkFacts(fileFacts(text, noApis)));
    }
  }
}

function workOfTwo(furtherApis: readonly Api[], extraApis: readonly Api[]): FileWork {
  const catalogue = catalogueFor(null, extraApis);
  const wider = catalogueFor(null, [...furtherApis, ...extraApis]);
  const mentions = mentionFilter(mentionedNames(catalogue));
  const mentionsAny = mentionFilter(mentionedNames(wider));
  const find = mentionPlaces(furtherApis.map(({ name }) => name));
  return (file, bytes) => {
    if (!mentionsAny(bytes)) return;
    send({ kind: 'begin', file });
    const text = bytes.toString('utf8');
    const places = find(bytes);
    const [own, further] = fileFactsTwice(text, catalogue, wider, text.length === bytes.length ? places : textPlaces(bytes, places)).map((facts) => JSON.stringify(indexedFacts(facts)));
    if (own !== undefined && further !== undefined) send({ kind: 'facts twice', file, content: blobId(bytes), facts: mentions(bytes) ? own : null, further });
  };
}

/** What is round a name is read with all APIs: a function that passes on what it is given may hand it to any. */
function sitesWork(catalogue: Catalogue, families: readonly ApiFamily[] | null): FileWork {
  const find = mentionPlaces(catalogueOfFamilies(catalogue, families).byName.keys());
  return (file, bytes) => {
    const places = find(bytes);
    if (places.length === 0) return;
    send({ kind: 'begin', file });
    const text = bytes.toString('utf8');
    const found = fileSites(text, catalogue, text.length === bytes.length ? places : textPlaces(bytes, places));
    const sites = families === null ? found.sites : found.sites.filter(({ family }) => families.includes(family));
    const isPassing = sites.some((site) => mayPassOn(site, catalogue.byName.get(site.api)));
    const passing = isPassing ? { ...found.callables(), sites: found.sites } : null;
    send({ kind: 'sites', file, sites, problems: found.problems.map(({ reason }) => reason), passing });
  };
}

/** Offsets in the text from those in its bytes. */
function textPlaces(bytes: Buffer, places: readonly number[]): readonly number[] {
  let from = 0;
  let offset = 0;
  return places.map((place) => {
    offset += bytes.toString('utf8', from, place).length;
    from = place;
    return offset;
  });
}

function sendFacts(file: string, bytes: Buffer, known: ReadonlySet<string>, factsOf: (text: string) => IndexedFacts): void {
  const content = blobId(bytes);
  if (known.has(content)) return send({ kind: 'facts', file, content, facts: null });
  send({ kind: 'begin', file });
  send({ kind: 'facts', file, content, facts: JSON.stringify(factsOf(bytes.toString('utf8'))) });
}

function look(withStamps: boolean, { source }: Configured): void {
  if (source.kind === 'folder') {
    const { files, problems, stamps } = surveyFolder(source.root, withStamps);
    send({ kind: 'surveyed', files: files.join('\0'), problems, stamps });
  }
  sendDone();
}

function configuredFor(source: TreeSource, extraApis: readonly Api[]): Configured {
  const blobs = new Map<string, string>();
  return { source, blobs, extraApis, reader: sourceReader(source.kind === 'commit' ? { ...source, blobs } : source) };
}

function doAll(files: readonly string[], ids: readonly string[] | null, { reader, blobs }: Configured): void {
  blobs.clear();
  for (const [at, id] of (ids ?? []).entries()) if (id !== '') blobs.set(files[at] ?? '', id);
  let sinceProgress = 0;
  for (const [at, file] of files.entries()) {
    if (at % readTogether === 0) reader.readAhead(files.slice(at, at + readTogether));
    doOne(file, reader);
    if (++sinceProgress < progressStep) continue;
    send({ kind: 'progress', files: sinceProgress });
    sinceProgress = 0;
  }
  send({ kind: 'progress', files: sinceProgress });
  sendDone();
}

function sendDone(): void {
  send({ kind: 'done', residentBytes: process.memoryUsage.rss() });
}

function doOne(file: string, reader: SourceReader): void {
  const source = reader.read(file);
  if (source.kind === 'problem') send({ kind: 'problem', file, reason: source.reason });
  else if (isBinary(source.bytes)) send({ kind: 'problem', file, reason: 'is binary, not C text' });
  else work(file, source.bytes);
}
