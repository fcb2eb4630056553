import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeLensesOf } from '../../server/src/features/codeLens';
import { hoverAt } from '../../server/src/features/hover/hover';
import { inlayHintsIn } from '../../server/src/features/inlayHints';
import { reportOf, countsBytes } from '../../server/src/features/report';
import { siteDetails } from '../../server/src/features/siteDetails';
import { allSites } from '../../server/src/workspace/snapshot';
import { forkText } from './forkFixture';
import { cursor, snapshotOfTexts } from './memoryWorkspace';

const forkPath = `
struct shard { u64 hits; u32 misses; u32 pad; };

static struct room *room_init(struct room *room)
{
	room->shards = alloc_percpu(struct shard);
	if (!room->shards)
		return NULL;
	if (percpu_counter_init_many(room->stat, 0, GFP_KERNEL_ACCOUNT, 4))
		goto out;
	return room;
out:
	free_percpu(room->shards);
	return NULL;
}

static struct room *dup_mm(void)
{
	return room_init(NULL);
}

int copy_process(void)
{
	return dup_mm() != NULL;
}
`;

const driver = `
struct ring { u64 packets; u64 bytes; };

static int ring_probe(struct platform_device *dev)
{
	struct ring __percpu *rings = devm_alloc_percpu(dev, struct ring);

	return rings ? 0 : -ENOMEM;
}

static struct platform_driver ring_driver = {
	.probe = ring_probe,
};
`;

function hover(marked: string, options: Parameters<typeof snapshotOfTexts>[1] = {}, file = 'kernel/room.c'): string | undefined {
  const { text, offset } = cursor(marked);
  return hoverAt(snapshotOfTexts({ [file]: text }, options), file, text, offset, { markdown: true, commandLinks: true })?.text;
}

describe('hover', () => {
  it('says size, footprint, trigger, costs, locks, knee and strategies at once', () => {
    const text = hover(forkPath.replace('percpu_counter_init_many', 'percpu_$0counter_init_many'));
    expect(text).toContain('16 B per CPU × 256 possible CPUs = **4 KiB**');
    expect(text).toContain('every fork and exec: `copy_process` → `dup_mm` → `room_init`');
    for (const part of ['| **create** |', '| **destroy** |', '`pcpu_alloc_mutex`', '`pcpu_lock`', '`percpu_counters_lock`', 'scales to', 'uncalibrated']) {
      expect(text).toContain(part);
    }
    expect(text?.match(/\(`[a-z-]+`\) \|/g)).toHaveLength(3);
    // The first lines say it all at one glance.
    expect(text?.split('\n')[3]).toMatch(/^create \*\*.*\*\* · scales to \*\*.* CPUs\*\* back to back\s*$/);
    expect(text).toMatch(/\| zero every possible CPU's copy \| \d+ % \| .* \| mm\/percpu.c/);
  });

  it('names what would help at a glance only where it is shown unasked, with its standing', () => {
    const glance = (text: string | undefined): string => text?.split('\n').find((line) => line.startsWith('create **')) ?? '';
    const marked = forkText().replace('percpu_counter_init_many', 'percpu_$0counter_init_many');
    expect(glance(hover(marked, {}, 'kernel/fork.c'))).toMatch(/helps most: dual-mode \(RFC 2025-11, objections below\), \*\*\d+ % less\*\*/);
    expect(glance(hover(marked, { cpus: 2 }, 'kernel/fork.c'))).not.toContain('helps most');
  });

  it('follows the CPU count', () => {
    const marked = forkPath.replace('percpu_counter_init_many', 'percpu_$0counter_init_many');
    expect(hover(marked, { cpus: 8 })).toContain('16 B per CPU × 8 possible CPUs = **128 B**');
  });

  it('gives the reason where the size is not known', () => {
    const text = hover('void f(size_t n)\n{\n\tp = $0__alloc_percpu(n, 8);\n}\n');
    expect(text).toMatch(/\? B per CPU × 256 possible CPUs: unknown because .*\bn\b/);
    expect(text).toContain('trigger unknown because no chain of calls to a known root was found');
  });

  it('shows bytes and paths but no times where the configuration is not modelled', () => {
    const marked = forkPath.replace('percpu_counter_init_many', 'percpu_$0counter_init_many');
    const text = hover(marked, { config: 'CONFIG_SMP=y\nCONFIG_64BIT=y\nCONFIG_PREEMPT_RT=y\n' });
    expect(text).toContain('= **4 KiB**');
    expect(text).toContain('| **create** |  | unknown because not modelled: PREEMPT\\_RT: spinlocks sleep |');
    expect(text).not.toMatch(/\d (ns|µs)|scales to|less create|irqs off/);
  });

  it('is silent beside a site', () => {
    expect(hover(forkPath.replace('return room;', 'ret$0urn room;'))).toBeUndefined();
  });

  it('lets no source text act as Markdown', () => {
    const text = hover('void f(void)\n{\n\tx = $0alloc_percpu_gfp(struct a, GFP_KERNEL /* <b>[x](command:evil)</b> */);\n}\n');
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('](command:evil');
  });
});

describe('a call that allocates nothing', () => {
  const sum = forkPath.replace('return dup_mm() != NULL;', 'return percpu_counter_$0sum(&dup_mm()->stat[0]) != 0;');

  it('has no unknown size and nothing to simulate; a sum says how many CPUs it visits', () => {
    const text = hover(sum);
    expect(text).toContain('allocates nothing: visits 256 online CPUs with interrupts off');
    expect(text).not.toMatch(/unknown because|\? B|Simulate this/);
    expect(hover(forkPath.replace('free_percpu', 'free_$0percpu'))).not.toMatch(/\? B|Simulate this/);
    expect(hover(forkPath.replace('alloc_percpu', 'alloc_$0percpu'))).toContain('Simulate this');
  });
});

describe('inside an API, whose bytes are those of its callers', () => {
  const inside = `
int percpu_counter_init_many(struct percpu_counter *first, s64 amount, gfp_t gfp, u32 number)
{
	s32 __percpu *slots;

	slots = __alloc_percpu_gfp(number * sizeof(s32), sizeof(s32), gfp);
	return slots ? 0 : -ENOMEM;
}
`;
  const file = 'lib/counters.c';
  const snapshot = snapshotOfTexts({ [file]: inside, 'kernel/room.c': forkPath });

  it('the hover says so, naming one call among others', () => {
    const text = hoverAt(snapshot, file, inside, inside.indexOf('__alloc_percpu_gfp') + 2, { markdown: false, commandLinks: false })?.text;
    expect(text).toContain('? B per CPU');
    expect(text).toMatch(/counted at each call of the API, such as kernel\/room\.c:\d+/);
  });

  it('a hint says whose bytes they are, and no lens adds them up as unknown', () => {
    expect(inlayHintsIn(snapshot, file, inside, { start: 0, end: inside.length }, { minBytes: 1 }).map(({ label }) => label)).toEqual(['bytes of its callers · every fork and exec']);
    expect(codeLensesOf(snapshot, file)).toEqual([]);
    expect(codeLensesOf(snapshot, 'kernel/room.c')).not.toEqual([]);
  });
});

describe('inlay hints', () => {
  const options = { minBytes: 64 * 1024 };
  const hintsOf = (file: string, text: string, cpus = 256): string[] => {
    const snapshot = snapshotOfTexts({ [file]: text }, { cpus });
    return inlayHintsIn(snapshot, file, text, { start: 0, end: text.length }, options).map(
      ({ offset, label }) => `${text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim()} // ${label}`,
    );
  };

  it('stand at the end of lines that run on every fork', () => {
    expect(hintsOf('kernel/room.c', forkPath)).toEqual([
      'room->shards = alloc_percpu(struct shard); // 4 KiB · every fork and exec',
      'if (percpu_counter_init_many(room->stat, 0, GFP_KERNEL_ACCOUNT, 4)) // 4 KiB · every fork and exec',
    ]);
  });

  it('leave device code alone below the threshold, and not above it', () => {
    expect(hintsOf('drivers/ring.c', driver)).toEqual([]);
    expect(hintsOf('drivers/ring.c', driver, 4096)).toEqual([
      'struct ring __percpu *rings = devm_alloc_percpu(dev, struct ring); // 64 KiB · every device probed',
    ]);
  });

  it('stand before a carriage return', () => {
    const text = forkPath.replaceAll('\n', '\r\n');
    const snapshot = snapshotOfTexts({ 'a.c': text });
    for (const { offset } of inlayHintsIn(snapshot, 'a.c', text, { start: 0, end: text.length }, options)) {
      expect(text.slice(offset, offset + 2)).toBe('\r\n');
    }
  });
});

describe('code lens', () => {
  it('sums up a function on a hot path, above its name', () => {
    const snapshot = snapshotOfTexts({ 'kernel/room.c': forkPath });
    const [whole, lens, ...rest] = codeLensesOf(snapshot, 'kernel/room.c');
    expect(whole).toMatchObject({ key: 'file', offset: 0, title: 'percpu in this file: 2 areas, 8 KiB on 256 possible CPUs, one execution each' });
    expect(rest).toEqual([]);
    expect(lens?.title).toMatch(/^percpu: 2 areas, 8 KiB, .+ µs, every fork and exec on 256 CPUs$/);
    expect(forkPath.slice(lens?.offset)).toMatch(/^room_init/);
  });

  it('is not shown on device code', () => {
    expect(codeLensesOf(snapshotOfTexts({ 'drivers/ring.c': driver }), 'drivers/ring.c')).toEqual([]);
  });
});

describe('report', () => {
  it('counts each byte at one site: totals are sums over sites and over classes', () => {
    const allocation = fc.constantFrom(
      'alloc_percpu(u64)', 'alloc_percpu(struct shard)', '__alloc_percpu(48, 8)', '__alloc_percpu(n, 8)', 'percpu_counter_init(&c, 0, GFP_KERNEL)',
    );
    const functions = fc.array(fc.array(allocation, { maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(functions, fc.integer({ min: 1, max: 1024 }), (bodies, cpus) => {
        const text = `struct shard { u64 a; u32 b; };\n${bodies.map((calls, index) => `void f${index}(void)\n{\n${calls.map((call) => `\tx = ${call};\n`).join('')}}\n`).join('')}`;
        const { totals, sites } = reportOf(snapshotOfTexts({ 'a.c': text }, { cpus }));
        const expected = bodies.flat().reduce((sum, call) => sum + (bytes[call] ?? 0), 0) * cpus;
        expect(totals.footprint).toBe(expected);
        expect(sites.filter(countsBytes).reduce((sum, { footprint }) => sum + (footprint ?? 0), 0)).toBe(expected);
        expect(totals.by_class.reduce((sum, { footprint }) => sum + footprint, 0)).toBe(expected);
        expect(totals.unknown_sizes).toBe(bodies.flat().filter((call) => call === '__alloc_percpu(n, 8)').length);
      }),
      { numRuns: 40 },
    );
  });

  it('names the variable of a static definition, none for a call', () => {
    const text = 'static DEFINE_PER_CPU(struct shard *, shards[4]);\nDEFINE_PERCPU_RWSEM(gate);\nvoid f(void)\n{\n\tp = alloc_percpu(u64);\n}\n';
    expect(reportOf(snapshotOfTexts({ 'a.c': text })).sites.map(({ variable }) => variable)).toEqual(['shards', 'gate', null]);
  });

  it('counts the bytes of a call inside an API definition at the callers', () => {
    const snapshot = snapshotOfTexts({
      'include/linux/mm_types.h': 'struct mm_cid { u64 time; int cid; };\nstatic inline int mm_alloc_cid(struct mm_struct *mm)\n{\n\tmm->pcpu_cid = alloc_percpu(struct mm_cid);\n\treturn 0;\n}\n',
      'kernel/fork.c': 'static int mm_init(struct mm_struct *mm)\n{\n\treturn mm_alloc_cid(mm);\n}\n',
    });
    const inner = reportOf(snapshot).sites.find(({ api }) => api === 'alloc_percpu');
    expect(inner?.accounted_by).toBe('kernel/fork.c:3');
  });

  it('shows the prices of steps as parts that add up', () => {
    const snapshot = snapshotOfTexts({ 'kernel/room.c': forkPath });
    for (const site of allSites(snapshot)) {
      const { create_steps: steps, site: row } = siteDetails(snapshot, site);
      if (row.create?.ns == null) continue;
      const sum = steps.reduce((total, { ns }) => total + (ns?.mid ?? 0), 0);
      expect(sum).toBeCloseTo(row.create.ns.mid, 6);
      expect(steps.reduce((total, { share }) => total + (share ?? 0), 0)).toBeCloseTo(1, 9);
    }
  });

  it('groups what one function creates into an object, and withholds gains where a part is unknown', () => {
    const whole = reportOf(snapshotOfTexts({ 'kernel/room.c': forkPath }));
    expect(whole.objects).toHaveLength(1);
    expect(whole.objects[0]).toMatchObject({ frequency_class: 'fork-exec', footprint: 8192, unknown_sizes: 0 });
    const partly = snapshotOfTexts({ 'kernel/room.c': forkPath.replace('alloc_percpu(struct shard)', '__alloc_percpu(n, 8)') });
    const counters = allSites(partly).find(({ site }) => site.fact.api === 'percpu_counter_init_many')!;
    const applicable = siteDetails(partly, counters).strategies.filter(({ applies }) => applies);
    expect(applicable.length).toBeGreaterThan(0);
    for (const { gain, unknown_because: why, not_pushed: held } of applicable) {
      expect(gain).toBeNull();
      expect(held).toContain('gain is unknown');
      expect(why).toContain('__alloc_percpu on line 6 is created with it and not known');
    }
  });
});

const bytes: Readonly<Record<string, number>> = {
  'alloc_percpu(u64)': 8,
  'alloc_percpu(struct shard)': 16,
  '__alloc_percpu(48, 8)': 48,
  'percpu_counter_init(&c, 0, GFP_KERNEL)': 4,
};
