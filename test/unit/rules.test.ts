import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import { findingsIn, type ReportedFinding } from '../../server/src/features/findings';
import { vocabularyFor } from '../../server/src/features/profileVocabulary';
import { sarifLog } from '../../server/src/features/sarif';
import { emptyProfile, type Profile } from '../../server/src/profile/profile';
import { rules } from '../../server/src/rules/rules';
import { snapshotOfTexts } from './memoryWorkspace';

type Options = Parameters<typeof snapshotOfTexts>[1];

/** A function on the path of every fork, and what calls it. */
function onFork(body: string): string {
  return `static int room_init(struct room *room)\n{\n${body}\n}\nint copy_process(void)\n{\n\treturn room_init(NULL);\n}\n`;
}

function found(text: string, options: Options = {}, file = 'kernel/room.c'): readonly ReportedFinding[] {
  return findingsIn(snapshotOfTexts({ [file]: text }, options), file);
}

/** `rule@line` of what is found, the knee left out, which most hot code passes. */
function idsIn(text: string, options: Options = {}, file?: string): string[] {
  return found(text, options, file).filter(({ finding }) => finding.rule !== 'past-knee').map(({ finding }) => `${finding.rule}@${finding.site.fact.line}`);
}

describe('sleep-in-atomic', () => {
  const under = (call: string): string => `void f(struct room *r)\n{\n\tspin_lock(&r->lock);\n\t${call};\n\tspin_unlock(&r->lock);\n}\n`;

  it.each(['r->p = alloc_percpu(u64)', 'r->p = alloc_percpu_gfp(u64, GFP_KERNEL)', 'err = percpu_counter_init(&r->c, 0, GFP_KERNEL)', 'init_srcu_struct(&r->s)'])('tells of %s under a spinlock', (call) => {
    expect(idsIn(under(call))).toEqual(['sleep-in-atomic@4']);
  });

  it.each(['r->p = alloc_percpu_gfp(u64, GFP_ATOMIC)', 'r->p = alloc_percpu_gfp(u64, gfp)', 'free_percpu(r->p)', 'err = percpu_counter_init(&r->c, 0, GFP_NOWAIT)'])('says nothing of %s', (call) => {
    expect(idsIn(under(call))).toEqual([]);
  });

  it('offers the atomic form only where the outcome is tested', () => {
    expect(found(under('r->p = alloc_percpu(u64)'))[0]?.finding.fix).toBeNull();
    expect(found(under('r->p = alloc_percpu(u64);\n\tif (!r->p)\n\t\tr->failed++'))[0]?.finding.fix?.replacement).toContain('GFP_ATOMIC');
  });
});

describe('missing-release', () => {
  it('names what is lost and where', () => {
    const [told] = found('int f(void)\n{\n\tr->p = alloc_percpu(u64);\n\tif (!r->p)\n\t\tgoto out;\n\tif (start(x))\n\t\tgoto out;\n\treturn 0;\nout:\n\tkfree(r);\n\treturn -ENOMEM;\n}\n');
    expect(told?.finding.message).toBe('What alloc_percpu creates here is not released on the way to kfree(r) on line 10.');
    expect(told?.finding.related.map(({ line }) => line)).toEqual([10]);
    expect(told?.severity).toBe('warning');
  });
});

describe('too-large', () => {
  it.each([['32 * 1024, 8', []], ['32 * 1024 + 1, 8', ['too-large@3']], ['1 << 20, 8', ['too-large@3']], ['64, 8192', ['too-large@3']], ['n, 8', []]])('judges __alloc_percpu(%s)', (given, expected) => {
    expect(idsIn(`void f(size_t n)\n{\n\tp = __alloc_percpu(${given});\n}\n`)).toEqual(expected);
  });
});

describe('module-reserve', () => {
  const variables = 'static DEFINE_PER_CPU(u8, a[3000]);\nstatic DEFINE_PER_CPU(u64, b);\n';

  it('adds up a file that registers a module, and no other', () => {
    const [told] = found(`${variables}module_init(start);\n`);
    expect(told?.finding.message).toContain('3,008 B of static percpu data');
    expect(told?.finding.related).toHaveLength(1);
    expect(found(variables)).toEqual([]);
    expect(found('static DEFINE_PER_CPU(u8, a[2000]);\nmodule_init(start);\n')).toEqual([]);
  });

  it('says what cannot be loaded', () => {
    expect(found('static DEFINE_PER_CPU(u8, a[9000]);\nmodule_init(start);\n')[0]?.finding.message).toContain('cannot be loaded');
  });
});

describe('past-knee', () => {
  const hot = onFork('\troom->p = alloc_percpu(u64);\n\treturn 0;');

  it('holds on a hot path with more CPUs than scale, and nowhere else', () => {
    expect(found(hot).map(({ finding }) => finding.rule)).toEqual(['past-knee']);
    expect(found(hot)[0]?.finding.message).toMatch(/^every fork and exec: scales to .* of the 256 online, then pcpu_\w+ is full/);
    expect(found(hot, { cpus: 2 })).toEqual([]);
    expect(found('static int __init start(void)\n{\n\tp = alloc_percpu(u64);\n\treturn 0;\n}\nmodule_init(start);\n')).toEqual([]);
  });

  it('is silent where times are not modelled', () => {
    expect(found(hot, { config: 'CONFIG_SMP=y\nCONFIG_64BIT=y\nCONFIG_PREEMPT_RT=y\n' })).toEqual([]);
  });
});

describe('counter-run', () => {
  const init = (name: string, amount = '0'): string => `\tif (percpu_counter_init(&room->${name}, ${amount}, GFP_KERNEL))\n\t\treturn -ENOMEM;\n`;

  it('tells of like counters in a row on a hot path, once', () => {
    const [told] = found(onFork(`${init('a')}${init('b')}${init('c')}`)).filter(({ finding }) => finding.rule === 'counter-run');
    expect(told?.finding.message).toContain('3 counters');
    expect(told?.finding.related.map(({ line }) => line)).toEqual([5, 7]);
  });

  it.each([
    ['amounts differ', onFork(`${init('a')}${init('b', 'n')}`), {}],
    ['the kernel has no init_many', onFork(`${init('a')}${init('b')}`), { kernel: { major: 6, minor: 1 } }],
    ['the class is not hot', `static int __init f(struct room *room)\n{\n${init('a')}${init('b')}}\nmodule_init(f);\n`, {}],
    ['there is one', onFork(init('a')), {}],
  ])('is silent where %s', (_, text, options) => {
    expect(idsIn(text, options)).toEqual([]);
  });
});

describe('repeated-sum', () => {
  const loop = '\tfor (i = 0; i < n; i++)\n\t\ttotal += percpu_counter_sum(&room->c[i]);';

  it.each([
    [loop, ['repeated-sum@4']],
    ['\tlist_for_each_entry(r, &rooms, list)\n\t\ttotal += percpu_counter_sum_positive(&r->c);', ['repeated-sum@4']],
    ['\treturn percpu_counter_sum(&room->c);', ['repeated-sum@3']],
    ['\tif (percpu_counter_sum(&room->c) > most)\n\t\treturn -EAGAIN;', ['repeated-sum@3']],
    ['\tif (percpu_counter_read(&room->c) > most)\n\t\treturn percpu_counter_sum(&room->c);', []],
    ['\tif (is_empty(room))\n\t\treturn 0;\n\treturn percpu_counter_sum(&room->c);', []],
    ['\treturn is_full(room) && percpu_counter_sum(&room->c);', []],
    ['\twhile (percpu_counter_sum(&room->c))\n\t\tif (wait(room))\n\t\t\tbreak;', ['repeated-sum@3']],
    ['\tfor (i = 0; i < n; i++)\n\t\ttotal += percpu_counter_read(&room->c[i]);', []],
  ])('on the path of every fork: %j', (body, expected) => {
    expect(idsIn(onFork(body))).toEqual(expected);
  });

  it('says nothing where sums are what the code is for', () => {
    expect(idsIn(`static int stat_show(struct seq_file *m, void *v)\n{\n${loop}\n}\n`)).toEqual([]);
  });
});

describe('exact-compare', () => {
  it.each([['INT_MAX', 1], ['1 << 24', 1], ['32', 0], ['batch', 0], ['XFS_FDBLOCKS_BATCH', 0]])('judges batch %s', (batch, count) => {
    expect(idsIn(`void f(void)\n{\n\tr = __percpu_counter_compare(&c, max, ${batch});\n}\n`)).toHaveLength(count);
  });
});

describe('allocation-per-element', () => {
  it('tells of one allocation for each element on a hot path', () => {
    expect(idsIn(onFork('\tfor (i = 0; i < n; i++)\n\t\troom->slots[i].p = alloc_percpu(u64);'))).toEqual(['allocation-per-element@4']);
  });

  it.each([
    ['a loop over nothing indexed', '\tfor (i = 0; i < n; i++)\n\t\troom->p = alloc_percpu(u64);'],
    ['no loop', '\troom->slots[n].p = alloc_percpu(u64);'],
  ])('is silent at %s', (_, body) => {
    expect(idsIn(onFork(body))).toEqual([]);
  });
});

describe('a suppression', () => {
  const under = (comment: string): string => `void f(struct room *r)\n{\n\tspin_lock(&r->lock);\n\t${comment}\n\tr->p = alloc_percpu(u64);\n\tspin_unlock(&r->lock);\n}\n`;

  it('needs the rule’s id and a reason, and stands on the line or above it', () => {
    const suppressed = (comment: string): unknown => found(under(comment))[0]?.suppressed;
    expect(suppressed('/* percpu-lens: ignore sleep-in-atomic: only at boot, before the lock matters */')).toEqual({ by: 'comment', reason: 'only at boot, before the lock matters' });
    expect(suppressed('// percpu-lens: ignore too-large, sleep-in-atomic: known')).toEqual({ by: 'comment', reason: 'known' });
    expect(suppressed('/*\n\t * percpu-lens: ignore sleep-in-atomic: known\n\t * for long\n\t */')).toEqual({ by: 'comment', reason: 'known for long' });
    expect(suppressed('/* percpu-lens: ignore sleep-in-atomic */')).toBeNull();
    expect(suppressed('/* percpu-lens: ignore too-large: known */')).toBeNull();
    expect(suppressed('s = "percpu-lens: ignore sleep-in-atomic: known";')).toBeNull();
    expect(suppressed('/* percpu-lens: ignore sleep-in-atomic: known */\n\tr->n++;')).toBeNull();
  });
});

describe('a project', () => {
  const text = 'void f(struct room *r)\n{\n\tspin_lock(&r->lock);\n\tr->p = alloc_percpu(u64);\n\tspin_unlock(&r->lock);\n}\n';
  const judged = (profile: Partial<Profile>): readonly (string | null)[] => {
    const snapshot = { ...snapshotOfTexts({ 'kernel/room.c': text }), profile: { ...emptyProfile, ...profile } };
    return findingsIn(snapshot, 'kernel/room.c').map(({ severity, suppressed }) => suppressed?.reason ?? severity);
  };

  it('decides the severity of a rule, and what it does not want to hear of', () => {
    expect(judged({})).toEqual(['warning']);
    expect(judged({ rules: new Map([['sleep-in-atomic', 'error']]) })).toEqual(['error']);
    expect(judged({ rules: new Map([['sleep-in-atomic', 'off']]) })).toEqual([]);
    expect(judged({ suppressions: [{ file: 'kernel/*.c', function: null, ids: ['all'], reason: 'old code' }] })).toEqual(['old code']);
    expect(judged({ suppressions: [{ file: null, function: 'g', ids: ['all'], reason: 'old code' }] })).toEqual(['warning']);
  });

  it('has the names of rules known in its percpu.toml', () => {
    expect([...vocabularyFor(emptyProfile).rules.keys()]).toEqual(rules.map(({ id }) => id));
  });
});

describe('SARIF', () => {
  it('has every rule, and for each result its place, identity and suppression', () => {
    const text = 'void f(struct room *r)\n{\n\tspin_lock(&r->lock);\n\tr->p = alloc_percpu(u64); /* percpu-lens: ignore sleep-in-atomic: known */\n\tspin_unlock(&r->lock);\n\tr->q = __alloc_percpu(65536, 8);\n}\n';
    const [run] = sarifLog(found(text, {}, 'kernel/a b.c'), '/src/linux').runs;
    expect(run?.tool.driver.rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(run?.originalUriBaseIds.SRCROOT.uri).toBe('file:///src/linux/');
    const [sleeping, large] = run?.results ?? [];
    expect(sleeping).toMatchObject({
      ruleId: 'sleep-in-atomic', level: 'warning',
      suppressions: [{ kind: 'inSource', justification: 'known' }],
      locations: [{ physicalLocation: { artifactLocation: { uri: 'kernel/a%20b.c', uriBaseId: 'SRCROOT' }, region: { startLine: 4 } }, logicalLocations: [{ name: 'f', kind: 'function' }] }],
    });
    expect(sleeping?.relatedLocations[0]?.physicalLocation.region.startLine).toBe(3);
    expect(large).toMatchObject({ ruleId: 'too-large', suppressions: [] });
    const moved = sarifLog(found(`\n\n${text}`, {}, 'kernel/a b.c'), '/src/linux').runs[0];
    expect(moved?.results.map((one) => one.partialFingerprints)).toEqual(run?.results.map((one) => one.partialFingerprints));

    const file = createRequire(import.meta.url).resolve('@microsoft/jest-sarif').replace(/index\.js$/, 'schemas/sarif-2.1.0-rtm.5.json');
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    expect(validate(sarifLog(found(text, {}, 'kernel/a b.c'), '/src/linux')) ? [] : validate.errors).toEqual([]);
  });
});

it('every rule has its part of the documentation, with its default', () => {
  const pages = readFileSync(path.resolve(import.meta.dirname, '../../docs/rules.md'), 'utf8');
  for (const { id, severity } of rules) {
    expect(pages).toContain(`## ${id}\n`);
    expect(pages).toContain(`| [\`${id}\`](#${id}) | ${severity} |`);
  }
});
