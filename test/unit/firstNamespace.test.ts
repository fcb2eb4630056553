import { describe, expect, it } from 'vitest';
import { snapshotOfTexts } from './memoryWorkspace';

/** The set-up of a network namespace: each line that allocates names its class after it. */
const file = `
static struct kmem_cache *pipe_cache;

static int __net_init pipe_net_init(struct net *net)
{
	if (net_eq(net, &init_net))
		pipe_cache = alloc_percpu(struct pipe); // boot
	else
		net->pipe.other = alloc_percpu(struct pipe); // netns
	net->pipe.stats = alloc_percpu(struct pipe); // netns
	if (!net_eq(net, &init_net))
		return 0;
	net->pipe.late = alloc_percpu(struct pipe); // boot
	return 0;
}

static int __net_init hose_net_init(struct net *ns)
{
	if (&init_net == ns && hose_wanted)
		ns->hose = alloc_percpu(struct pipe); // boot
	if (&init_net == ns || hose_wanted)
		ns->hose = alloc_percpu(struct pipe); // netns
	if (ns == &init_net) {
		ns->hose = alloc_percpu(struct pipe); // boot
	}
	return 0;
}

static struct pernet_operations pipe_ops = {
	.init = pipe_net_init,
};

static struct pernet_operations hose_ops = {
	.init = hose_net_init,
};

struct pipe { long bytes; };
`;

describe('what only the first network namespace sets up', () => {
  const sites = (snapshotOfTexts({ 'net/pipe.c': file }).sites.get('net/pipe.c') ?? []).map(({ site }) => site);

  it('is allocated at boot, with the test named in the chain', () => {
    const lines = file.split('\n');
    const expected = sites.map(({ fact: { line } }) => [line, /\/\/ (\w+)/.exec(lines[line - 1] ?? '')?.[1]]);
    expect(sites.map(({ fact: { line }, reach }) => [line, reach.map(({ frequencyClass }) => frequencyClass).join()])).toEqual(expected);
    expect(sites[0]?.reach[0]?.chain).toEqual(['pernet_operations.init', 'pipe_net_init', 'only if net_eq(net, &init_net)']);
  });
});
