import { describe, expect, it } from 'vitest';
import { hoverAt, hoverOf, targetAt, typeNeeded } from '../../server/src/features/hover/hover';
import { markdownOf } from '../../server/src/features/hover/markdown';
import { plainTextOf } from '../../server/src/features/hover/plainText';
import { cursor, snapshotOfTexts } from './memoryWorkspace';

const markdown = { markdown: true, commandLinks: true };

const room = `struct percpu_counter { s64 count; };
struct shard {
	u64 hits;
	u32 misses;
};

struct room {
	struct {
		struct percpu_counter used, free[2];
	} count;
	struct percpu_counter never;
	struct shard __percpu *shards;
};

static DEFINE_PER_CPU(struct shard, local);

static int room_init(struct room *room)
{
	room->shards = alloc_percpu(struct shard);
	/* percpu-lens: ignore dual-mode, past-knee: one thread only */
	return percpu_counter_init(&room->count.used, 0, GFP_KERNEL);
}

int copy_process(struct room *other)
{
	this_cpu_inc(local.hits);
	other->local = 1;
	return room_init(NULL);
}
`;

function hover(mark: string, at: string, abilities = markdown): string | undefined {
  const { text, offset } = cursor(room.replace(mark, at));
  return hoverAt(snapshotOfTexts({ 'kernel/room.c': text }), 'kernel/room.c', text, offset, abilities)?.text;
}

it('a call is titled by its first argument, with dots where there are more', () => {
  expect(hover('alloc_percpu', 'alloc_$0percpu')).toContain('`alloc_percpu(struct shard)`');
  expect(hover('percpu_counter_init(', 'percpu_$0counter_init(')).toContain('`percpu_counter_init(&room->count.used, …)`');
});

describe('over the definition of a struct', () => {
  it('adds up its sites, and says size and holes once they are known', () => {
    const { text, offset } = cursor(room.replace('struct shard {', 'struct sh$0ard {'));
    const snapshot = snapshotOfTexts({ 'kernel/room.c': text });
    const target = targetAt(snapshot, 'kernel/room.c', text, offset)!;
    expect(typeNeeded(target)).toEqual({ file: 'kernel/room.c', type: 'struct shard' });
    const described = {
      name: 'struct shard', place: null, reason: null,
      layout: { size: 16, align: 8, members: 2, holes: [{ after: 'hits', bytes: 4 }], tail: 4 },
    };
    const shown = hoverOf(snapshot, target, described, markdown).text;
    expect(shown).toContain('**16 B** per CPU, alignment 8 · 2 members · 1 hole: 4 B after hits · 4 B of padding at the end · 1 cache line');
    expect(shown).toContain('2 sites × 256 possible CPUs = **8 KiB**');
    expect(shown).toContain('| `room_init` kernel/room.c:19 | 4 KiB | every fork and exec |');
    expect(hoverOf(snapshot, target, null, markdown).text).toContain('size still being worked out');
  });

  it('counts a site whose bytes its caller accounts for', () => {
    const text = 'struct mm_cid { u64 time; int cid; };\nstatic inline int mm_alloc_cid(struct mm_struct *mm)\n{\n\tmm->pcpu_cid = alloc_percpu(struct mm_cid);\n\treturn 0;\n}\nint mm_init(struct mm_struct *mm)\n{\n\treturn mm_alloc_cid(mm);\n}\n';
    const shown = hoverAt(snapshotOfTexts({ 'kernel/fork.c': text }), 'kernel/fork.c', text, 'struct mm'.length, markdown)?.text;
    expect(shown).toContain('1 site × 256 possible CPUs = **4 KiB**');
  });

  it('is silent where nothing allocates it, and where it is only named', () => {
    expect(hover('struct room {', 'struct ro$0om {')).toBeUndefined();
    expect(hover('struct shard __percpu', 'struct sh$0ard __percpu')).toBeUndefined();
  });
});

describe('over a percpu_counter in a struct', () => {
  it('says the error of a read, its batch and where it is initialised', () => {
    const text = hover('used, free', 'us$0ed, free');
    expect(text).toContain('`struct room.used`, a percpu counter');
    expect(text).toMatch(/read error \*\*± [\d,]+ counts attainable \(batch 512\)\*\*/);
    expect(text).toContain('| `room_init` kernel/room.c:21 | 4 B | 1 KiB | every fork and exec |');
  });

  it('says so where only the name of the member is known', () => {
    const { text, offset } = cursor(room.replace('struct percpu_counter { s64 count; };\n', '\n').replace('used, free', 'us$0ed, free'));
    const shown = hoverAt(snapshotOfTexts({ 'kernel/room.c': text }), 'kernel/room.c', text, offset, markdown)?.text;
    expect(shown).toContain('taken by the member’s name');
    expect(shown).toContain('| `room_init` kernel/room.c:21 |');
  });

  it('says why the error is not known where nothing initialises it', () => {
    expect(hover('free[2]', 'fr$0ee[2]')).toContain('read error unknown because no percpu\\_counter\\_init of struct room.free was found');
    expect(hover('counter never', 'counter nev$0er')).toContain('unknown because');
  });
});

describe('over a static percpu variable', () => {
  it.each([['struct shard, local', 'struct shard, lo$0cal'], ['this_cpu_inc(local', 'this_cpu_inc(lo$0cal'], ['DEFINE_PER_CPU(', 'DEFINE_$0PER_CPU(']])('at %s says its bytes and neither costs nor advice', (mark, at) => {
    const text = hover(mark, at);
    expect(text).toContain('16 B per CPU × 256 possible CPUs = **4 KiB**');
    expect(text).not.toMatch(/create|helps|scales|mutex/);
  });

  it('takes no member of the same name for it', () => {
    expect(hover('other->local', 'other->lo$0cal')).toBeUndefined();
  });
});

describe('over an id in a comment to us', () => {
  it('tells what the strategy or rule is', () => {
    expect(hover('dual-mode, past', 'dual-$0mode, past')).toMatch(/`dual-mode`: plain counters.*RFC 2025-11.*objection by Mathieu Desnoyers/s);
    expect(hover('past-knee:', 'past-kn$0ee:')).toContain('severity by default: hint');
    expect(hover('dual-mode, past', 'dual-mo$0de-x, past')).toContain('no strategy or rule of this name');
    expect(hover(': one thread', ': one thr$0ead')).toBeUndefined();
  });
});

describe('clients that show less', () => {
  it('get no links they cannot run', () => {
    expect(hover('alloc_percpu', 'alloc_$0percpu', { markdown: true, commandLinks: false })).not.toContain('command:');
    const text = hover('alloc_percpu', 'alloc_$0percpu');
    for (const command of ['showReport', 'simulateSite', 'explainSite', 'openType']) expect(text).toContain(`(command:percpuLens.${command}?`);
  });

  it('get the same facts as plain text in columns', () => {
    const text = hover('alloc_percpu', 'alloc_$0percpu', { markdown: false, commandLinks: false }) ?? '';
    expect(text).toContain('16 B per CPU × 256 possible CPUs = 4 KiB');
    expect(text).not.toMatch(/\*\*|`|\| |&lt;|\\_/);
    const column = (start: string, word: RegExp): number => text.split('\n').find((line) => line.startsWith(start))?.search(word) ?? -1;
    expect(column('step', /share/)).toBeGreaterThan(10);
    expect(column('zero', /\d+ %/)).toBe(column('step', /share/));
    expect(column('zero', /mm\/percpu/)).toBe(column('step', /source/));
  });
});

it('no text of the source acts as Markdown or HTML', () => {
  const hostile = '<b>[x](command:evil) **y** `z` | ~~';
  const page = [
    { kind: 'title', phrase: [hostile, { code: hostile }] },
    { kind: 'table', head: [[hostile]], rows: [[[hostile, { strong: hostile }]]] },
  ] as const;
  const text = markdownOf(page, true);
  expect(text.replace(/``.*?``/g, '')).not.toMatch(/<b>|(?<!\\)\]\(|(?<!\\)`|(?<!\\)~~/);
  expect(text.split('\n').every((line) => !line.startsWith('|') || line.replace(/\\\|/g, '').match(/\|/g)?.length === 2)).toBe(true);
  expect(plainTextOf(page)).toContain(hostile);
});
