import { setFlagsFromString } from 'node:v8';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { siteDetails, type DetailSource } from '../resolve/siteDetails';
import type { SiteFact } from '../facts/fileFacts';
import { turnsOfLoops } from '../resolve/loopTurns';
import type { Wrapper } from '../resolve/wrappers';
import type { AskedFile, AskedSite, ConstantsQuestion, DetailsInput, DetailsReply, DetailsRequest, WrapperTable } from '../workspace/detailsMessages';
import { detailReads } from '../workspace/edited/detailReads';
import { folderTypes } from '../workspace/folderTypes';

/** A thread with types of its own: sizes, counts and members of the sites that it is given. */

// Half of the young generation that this thread and the one that started it would have come to: 60 MB for a few percent of the time of
// a whole tree. Set here, since V8 sets it anew for every thread (Heap::ConfigureHeap), and a heap begins smaller than is good.
setFlagsFromString('--semi-space-growth-factor=1');

const { types: configuration, questions } = workerData as DetailsInput;
const { types, tree, catalogue } = folderTypes(configuration);
// Which files are built is known before the first question comes.
types.objectSource.linkageOf('init/main.c');
let wrappers: readonly Wrapper[] = [];
/** By the facts themselves: a message keeps what is one object one object. */
const loops = new Map<SiteFact, readonly string[]>();
/** What a name means inside a wrapper, by file and name. */
const nested = new Map<string, Wrapper>();

parentPort?.on('message', (request: DetailsRequest) => {
  if (request.kind === 'begin') takeWrappers(request.table);
  else if (request.kind === 'files') request.files.forEach(doFile);
  else {
    send({ kind: 'ended', read: [...tree.asked()], types: detailReads(types.reads) });
    questions.close();
    parentPort?.close();
  }
});
questions.on('message', answer);

/** Questions that came meanwhile are about a file just done, whose types are still at hand. */
function doFile(asked: AskedFile): void {
  send(detailsOf(asked));
  for (let waiting = receiveMessageOnPort(questions); waiting !== undefined; waiting = receiveMessageOnPort(questions)) answer(waiting.message as ConstantsQuestion);
}

function answer({ file, expressions }: ConstantsQuestion): void {
  send({ kind: 'constants', values: expressions.map((expression) => types.objectSource.constantIn(file, expression)) });
}

function send(reply: DetailsReply): void {
  parentPort?.postMessage(reply);
}

function takeWrappers(table: WrapperTable): void {
  ({ wrappers } = table);
  table.inner.forEach((sites, index) => {
    for (const asked of sites) {
      loops.set(asked.fact, asked.loops);
      const meant = wrapperAt(asked);
      if (meant !== undefined) nested.set(nameIn(wrappers[index]?.file ?? '', asked.fact.api), meant);
    }
  });
}

function wrapperAt({ wrapper }: AskedSite): Wrapper | undefined {
  return wrapper === null ? undefined : wrappers[wrapper];
}

function nameIn(file: string, name: string): string {
  return `${file}\0${name}`;
}

const source: Omit<DetailSource, 'loopsOf'> = {
  ...types,
  holds: types.objectSource.holds,
  turnsOf: (file, around) => turnsOfLoops(file, around, types.objectSource),
  apiOf: (name) => catalogue.byName.get(name),
  wrapperOf: (file, name) => nested.get(nameIn(file, name)),
};

function detailsOf({ file, sites }: AskedFile): DetailsReply {
  const own = new Map(sites.map(({ fact, loops: around }) => [fact, around]));
  const loopsOf: DetailSource['loopsOf'] = (_, site) => own.get(site) ?? loops.get(site) ?? [];
  return { kind: 'details', details: sites.map((asked) => siteDetails(file, asked.fact, wrapperAt(asked), { ...source, loopsOf })) };
}
