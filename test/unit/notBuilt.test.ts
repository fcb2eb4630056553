import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { kernelVersion } from '../../server/src/kernel/version';
import { lifeCycleOf } from '../../server/src/lifecycle/lifeCycleOf';
import { objectSource } from '../../server/src/resolve/objects/objectSource';
import { siteDetails } from '../../server/src/resolve/siteDetails';
import { typeWorld } from '../../server/src/resolve/typeWorld';
import { memoryTree } from '../sourceTrees';
import { resolvedSite } from './siteFixtures';

const catalogue = catalogueFor(null);

const textWith = (call: string): string => `
#if SIZE >= LIMIT || defined(CONFIG_MAPPED)
void stacks_init(void)
{
	register_mapped();
}
#else
void stacks_init(void)
{
	${call};
}
#endif
`;

function reasonAndSize(config: string, call: string): { readonly size: number | null; readonly reason: string } | undefined {
  const text = textWith(call);
  const { holds } = objectSource(typeWorld({ tree: memoryTree({ 'a.c': text }), architecture: 'x86_64', configuration: parseConfiguration(config, 'test') }));
  const [size, reason] = [32, 'per-CPU slab'];
  const source = {
    apiOf: (name: string) => catalogue.byName.get(name), holds, sizeOf: () => ({ size, align: 8, source: 'catalogue', reason } as const),
    countOf: () => 1, loopsOf: () => [], turnsOf: () => 1, batchOf: () => null, memberOf: () => null, wrapperOf: () => undefined,
  };
  return fileFacts(text, catalogue).sites.map((site) => siteDetails('a.c', site, undefined, source).size)[0];
}

describe.each([
  ['an indirect initialiser', 'cache = kmem_cache_create("stack", 64, 64, 0, NULL)'],
  ['a counter', 'percpu_counter_init(&stacks, 0, GFP_KERNEL)'],
])('%s in a branch that the configuration leaves out', (_, call) => {
  it('allocates nothing and says why', () => {
    expect(reasonAndSize('CONFIG_MAPPED=y', call)).toMatchObject({ size: 0, reason: 'not built: #if !(SIZE >= LIMIT || defined(CONFIG_MAPPED)) does not hold' });
  });

  it('is counted where a macro that is no option decides', () => {
    expect(reasonAndSize('', call)).toMatchObject({ size: 32, reason: 'per-CPU slab' });
  });
});

describe('the life of a counter that is not built', () => {
  const counter = resolvedSite('percpu_counter_init', 'counter', 'init', { size: 4, count: 1 });
  const leftOut = { ...counter, size: { size: 0, align: 1, source: 'catalogue', reason: 'not built' } } as const;

  it('has no steps', () => {
    expect(lifeCycleOf(leftOut, kernelVersion(6, 12))).toBeNull();
    expect(lifeCycleOf(counter, kernelVersion(6, 12))).not.toBeNull();
  });
});
