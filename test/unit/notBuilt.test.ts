import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { objectSource } from '../../server/src/resolve/objects/objectSource';
import { siteDetails } from '../../server/src/resolve/siteDetails';
import { typeWorld } from '../../server/src/resolve/typeWorld';
import { memoryTree } from '../sourceTrees';

const catalogue = catalogueFor(null);

const text = `
#if SIZE >= LIMIT || defined(CONFIG_MAPPED)
void stacks_init(void)
{
	register_mapped();
}
#else
void stacks_init(void)
{
	cache = kmem_cache_create("stack", 64, 64, 0, NULL);
}
#endif
`;

function reasonAndSize(config: string): { readonly size: number | null; readonly reason: string } | undefined {
  const { holds } = objectSource(typeWorld({ tree: memoryTree({ 'a.c': text }), architecture: 'x86_64', configuration: parseConfiguration(config, 'test') }));
  const [size, reason] = [32, 'per-CPU slab'];
  const source = {
    apiOf: (name: string) => catalogue.byName.get(name), holds, sizeOf: () => ({ size, align: 8, source: 'catalogue', reason } as const),
    countOf: () => 1, loopsOf: () => [], turnsOf: () => 1, batchOf: () => null, memberOf: () => null, wrapperOf: () => undefined,
  };
  return fileFacts(text, catalogue).sites.map((site) => siteDetails('a.c', site, undefined, source).size)[0];
}

describe('a site of the catalogue in a branch that the configuration leaves out', () => {
  it('allocates nothing and says why', () => {
    expect(reasonAndSize('CONFIG_MAPPED=y')).toMatchObject({ size: 0, reason: 'not built: #if !(SIZE >= LIMIT || defined(CONFIG_MAPPED)) does not hold' });
  });

  it('is counted where a macro that is no option decides', () => {
    expect(reasonAndSize('')).toMatchObject({ size: 32, reason: 'per-CPU slab' });
  });
});
