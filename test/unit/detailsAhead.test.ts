import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { linkTree } from '../../server/src/resolve/linkTree';
import { detailsAhead, filesWithSites, type DetailsAhead } from '../../server/src/workspace/detailsAhead';
import type { DetailsThread } from '../../server/src/workspace/detailsThread';
import type { IndexedFacts } from '../../server/src/workspace/factsMessages';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';

const catalogue = catalogueFor(null, []);
const apiOf = (name: string) => catalogue.byName.get(name);

function factsOf(text: string): IndexedFacts {
  return indexedFacts(fileFacts(text, catalogue));
}

const plain = 'int make(struct pool *pool)\n{\n\tpool->area = alloc_percpu(long);\n\treturn 0;\n}\n';
const inLoop = 'void fill(struct pool *pool)\n{\n\tint i;\n\n\tfor (i = 0; i < 3; i++)\n\t\tpool->areas[i] = alloc_percpu(long);\n}\n';

/** A tree of 110 files, one of them with a loop around its site. */
function tree(): Map<string, IndexedFacts> {
  const files = Array.from({ length: 110 }, (_, at) => [`lib/pool${String(at).padStart(3, '0')}.c`, factsOf(at === 7 ? inLoop : plain)] as const);
  return new Map(files);
}

interface Watched {
  readonly ahead: DetailsAhead;
  /** By thread that was started: the files that it was asked about, in turn. */
  readonly asked: string[][];
  readonly closed: () => number;
}

function watched(): Watched {
  const asked: string[][] = [];
  let closed = 0;
  const start = (): DetailsThread => {
    const own: string[] = [];
    asked.push(own);
    return {
      ask: (files) => void own.push(...[...files].map(({ file }) => file)),
      begin: () => undefined,
      of: () => Promise.resolve(null),
      constants: () => Promise.resolve(null),
      ended: () => Promise.resolve(null),
      close: () => void (closed += 1),
    };
  };
  return { ahead: detailsAhead(start), asked, closed: () => closed };
}

function restOf(ahead: DetailsAhead, facts: ReadonlyMap<string, IndexedFacts>): void {
  ahead.rest(filesWithSites(facts), [], () => linkTree(facts, { apiOf }));
}

describe('details that are asked for ahead of linking', () => {
  it('are those of sites in no loop; the others are asked for once the tree is linked, none twice', () => {
    const facts = tree();
    const { ahead, asked } = watched();
    ahead.begin(facts);
    expect(asked[0]).toHaveLength(109);
    expect(asked[0]).not.toContain('lib/pool007.c');
    restOf(ahead, facts);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.slice(109)).toEqual(['lib/pool007.c']);
  });

  it('are asked for again of a file that was read anew', () => {
    const facts = tree();
    const { ahead, asked } = watched();
    ahead.begin(facts);
    facts.set('lib/pool003.c', factsOf(`\n${plain}`));
    restOf(ahead, facts);
    expect(asked[0]?.slice(109)).toEqual(['lib/pool003.c', 'lib/pool007.c']);
  });

  it('are all asked for of a new thread where the first was ended', () => {
    const facts = tree();
    const { ahead, asked, closed } = watched();
    ahead.begin(facts);
    ahead.end();
    expect(closed()).toBe(1);
    restOf(ahead, facts);
    expect(asked[1]).toHaveLength(110);
  });

  it('are left to whoever asks where there are few files', () => {
    const { ahead, asked } = watched();
    const few = new Map([...tree()].slice(0, 20));
    ahead.begin(few);
    restOf(ahead, few);
    expect(asked).toEqual([]);
  });
});
