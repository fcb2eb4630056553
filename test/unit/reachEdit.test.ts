import { expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';
import { createTreeIndex } from '../../server/src/workspace/treeIndex';

const catalogue = catalogueFor(null);
const facts = (text: string): ReturnType<typeof indexedFacts> => indexedFacts(fileFacts(text, catalogue));

it('edits that change what calls what are seen in other files, others change nothing', () => {
  const index = createTreeIndex({
    source: { kind: 'folder', root: '/' }, extraApis: [], apiOf: (name) => catalogue.byName.get(name), factsEntry: '', processes: 1, countOf: () => 1, batchOf: () => null,
    memberOf: () => null, cache: null,
    sizeOf: () => ({ size: 4, align: 4, source: 'scalar', reason: 'int' }),
  });
  const classes = (): readonly string[] => index.resolve('mm/pool.c').flatMap(({ reach }) => reach.map(({ chain }) => chain.join(' → ')));
  index.update('mm/pool.c', facts('void pool_make(void) { p = alloc_percpu(int); }\n'));
  index.update('net/user.c', facts('static int __net_init user_init(struct net *net) { return 0; }\n'));
  expect(classes()).toEqual(['pool_make']);
  index.update('net/user.c', facts('static int __net_init user_init(struct net *net) { pool_make(); return 0; }\n'));
  expect(classes()).toEqual(['__net_init → user_init → pool_make']);
  index.update('net/user.c', facts('static int __net_init user_init(struct net *net) { /* now */ pool_make(); return 1; }\n'));
  expect(classes()).toEqual(['__net_init → user_init → pool_make']);
  index.update('net/user.c', null);
  expect(classes()).toEqual(['pool_make']);
});
