import { describe, expect, it } from 'vitest';
import type { FlowFact } from '../../server/src/facts/fileFacts';
import { factsOf } from './factsFixture';

/** The flows of a function body, by the line of their site within it. */
function flowsOf(body: string, head = 'static int room_init(struct room *room)'): Record<number, FlowFact> {
  const facts = factsOf(`${head}\n{\n${body}\n}\n`);
  return Object.fromEntries(facts.flows.map((flow) => [(facts.sites.find(({ span }) => span.start === flow.site)?.line ?? 0) - 2, flow]));
}

/** `line of the site: section` for each site in one. */
function atomicOf(body: string): string[] {
  return Object.entries(flowsOf(body)).flatMap(([line, { atomic }]) => (atomic === null ? [] : [`${line}: ${atomic.text}@${atomic.line - 2}`]));
}

/** `line of the site: place at which it is lost`. */
function lostOf(body: string): string[] {
  return Object.entries(flowsOf(body)).flatMap(([line, { lost }]) => lost.map((place) => `${line}: ${place.text}@${place.line - 2}`));
}

describe('atomic sections', () => {
  it.each([
    ['spin_lock(&r->lock);\np = alloc_percpu(int);\nspin_unlock(&r->lock);', ['2: spin_lock(&r->lock)@1']],
    ['spin_lock_irqsave(&r->lock, flags);\nif (!r->p)\n\tr->p = alloc_percpu(int);\nspin_unlock_irqrestore(&r->lock, flags);', ['3: spin_lock_irqsave(&r->lock, flags)@1']],
    ['rcu_read_lock();\nfor_each_room(r)\n\tr->p = alloc_percpu(int);\nrcu_read_unlock();', ['3: rcu_read_lock()@1']],
    ['guard(spinlock)(&r->lock);\nr->p = alloc_percpu(int);', ['2: guard(spinlock)@1']],
    ['scoped_guard(rcu) {\n\tr->p = alloc_percpu(int);\n}\nr->q = alloc_percpu(int);', ['2: scoped_guard(rcu)@1']],
    ['mutex_lock(&m);\nspin_lock(&a);\nspin_lock(&b);\nspin_unlock(&b);\nr->p = alloc_percpu(int);', ['5: spin_lock(&a)@2']],
    ['spin_lock(&a);\nif (err)\n\tgoto out;\nreturn 0;\nout:\nr->p = alloc_percpu(int);', ['6: spin_lock(&a)@1']],
  ])('%j', (body, expected) => {
    expect(atomicOf(body)).toEqual(expected);
  });

  it.each([
    ['ended before', 'spin_lock(&a);\nspin_unlock(&a);\nr->p = alloc_percpu(int);'],
    ['on one of two ways only', 'if (locked)\n\tspin_lock(&a);\nr->p = alloc_percpu(int);'],
    ['ended on one of two ways', 'spin_lock(&a);\nif (x)\n\tspin_unlock(&a);\nr->p = alloc_percpu(int);'],
    ['ended by a function of the file’s own', 'spin_lock(&a);\nroom_unlock(r);\nr->p = alloc_percpu(int);'],
    ['reached unlocked by goto', 'if (x)\n\tgoto more;\nspin_lock(&a);\nmore:\nr->p = alloc_percpu(int);'],
    ['a block’s guard', '{\n\tguard(spinlock)(&a);\n\tr->n++;\n}\nr->p = alloc_percpu(int);'],
    ['a mutex', 'mutex_lock(&m);\nr->p = alloc_percpu(int);\nguard(mutex)(&m);\nr->q = alloc_percpu(int);'],
    ['dropped round the call', 'spin_lock(&a);\nwhile (!r->p) {\n\tspin_unlock(&a);\n\tr->p = alloc_percpu(int);\n\tspin_lock(&a);\n}'],
    ['among directives, whose branches are alternatives', '#ifdef A\nspin_lock(&a);\n#else\nrcu();\n#endif\nr->p = alloc_percpu(int);'],
  ])('are not told when %s', (_, body) => {
    expect(atomicOf(body)).toEqual([]);
  });
});

describe('ways on which percpu memory is lost', () => {
  it.each([
    ['kfree of the object', 'room->p = alloc_percpu(int);\nif (!room->p)\n\tgoto free;\nif (start(x))\n\tgoto free;\nreturn 0;\nfree:\nkfree(room);\nreturn -ENOMEM;', ['1: kfree(room)@8']],
    ['a counter of a freed object', 'err = percpu_counter_init(&room->c, 0, GFP_KERNEL);\nif (err)\n\tgoto free;\nerr = percpu_counter_init(&room->d, 0, GFP_KERNEL);\nif (err)\n\tgoto free;\nreturn 0;\nfree:\nkfree(room);\nreturn err;', ['1: kfree(room)@9']],
    ['a local pointer at a return', 'struct s __percpu *p;\n\np = alloc_percpu(struct s);\nif (!p)\n\treturn -ENOMEM;\nif (busy)\n\treturn -EBUSY;\nroom->p = p;\nreturn 0;', ['3: return@7']],
    ['tested where it is called', 'if (percpu_counter_init(&room->c, 0, GFP_KERNEL))\n\tgoto free;\nif (start(x)) {\n\tkvfree(room);\n\treturn -EIO;\n}\nreturn 0;\nfree:\nkfree(room);\nreturn 0;', ['1: kvfree(room)@4']],
    ['an error on which the function does not release what it does on another', 'room->p = alloc_percpu(int);\nif (!room->p)\n\treturn -ENOMEM;\nret = start(room);\nif (ret)\n\tgoto free;\nret = watch(room);\nif (ret)\n\treturn ret;\nreturn 0;\nfree:\nfree_percpu(room->p);\nreturn ret;', ['1: return@9']],
    ['a constant that can only be an error', 'total = alloc_percpu(int);\nif (!total)\n\treturn -ENOMEM;\nif (start()) {\n\tfree_percpu(total);\n\treturn -EIO;\n}\nif (watch())\n\treturn -EBUSY;\nreturn 0;', ['1: return@9']],
  ])('are told: %s', (_, body, expected) => {
    expect(lostOf(body)).toEqual(expected);
  });

  it.each([
    ['released in order', 'err = percpu_counter_init(&room->c, 0, GFP_KERNEL);\nif (err)\n\tgoto free;\nerr = percpu_counter_init(&room->d, 0, GFP_KERNEL);\nif (err)\n\tgoto c;\nreturn 0;\nc:\npercpu_counter_destroy(&room->c);\nfree:\nkfree(room);\nreturn err;'],
    ['released on a condition', 'room->p = alloc_percpu(int);\nif (start(x)) {\n\tif (room->p)\n\t\tfree_percpu(room->p);\n\tkfree(room);\n\treturn -EIO;\n}\nreturn 0;'],
    ['handed to a function that may release it', 'room->p = alloc_percpu(int);\nif (!room->p)\n\treturn -ENOMEM;\nif (start(x)) {\n\troom_exit(room);\n\tkfree(room);\n}\nreturn 0;'],
    ['freed by the object’s last reference', 'room->p = alloc_percpu(int);\nif (!room->p)\n\treturn -ENOMEM;\nif (start(x)) {\n\tkobject_put(&room->kobj);\n\tkfree(room);\n}\nreturn 0;'],
    ['kept by somebody else', 'struct s __percpu *p = alloc_percpu(struct s);\n\nif (!p)\n\treturn -ENOMEM;\nadd(p);\nreturn 0;'],
    ['returned', 'struct s __percpu *p = alloc_percpu(struct s);\n\nif (!p)\n\treturn NULL;\nper_cpu_ptr(p, 0)->n = 1;\nreturn p;'],
    ['of the device', 'struct s __percpu *p = devm_alloc_percpu(dev, struct s);\n\nif (!p)\n\treturn -ENOMEM;\nreturn 0;'],
    ['static', 'static struct s __percpu *p;\n\np = alloc_percpu(struct s);\nif (!p)\n\treturn -ENOMEM;\nreturn 0;'],
    ['not known to have been created', 'room->p = alloc_percpu(int);\nroom->q = alloc_percpu(int);\nif (!room->p || !room->q) {\n\tfree_percpu(room->p);\n\tfree_percpu(room->q);\n\tkfree(room);\n}\nreturn 0;'],
    ['an outcome that another variable tells', 'err = percpu_counter_init(&room->c, 0, GFP_KERNEL);\nret = err ? -1 : 0;\nif (ret)\n\tkfree(room);\nreturn 0;'],
    ['released by nobody here, so by others', 'room->p = alloc_percpu(int);\nif (!room->p)\n\treturn -ENOMEM;\nif (start(room))\n\treturn -EIO;\nreturn 0;'],
    ['kept where the function succeeds', 'room->p = alloc_percpu(int);\nif (!room->p)\n\treturn -ENOMEM;\nret = start(room);\nif (ret)\n\tgoto free;\nreturn ret;\nfree:\nfree_percpu(room->p);\nreturn ret;'],
    ['torn down with its object on another way', 'room->p = alloc_percpu(int);\nif (!room->p)\n\treturn -ENOMEM;\nif (start(room)) {\n\tfree_percpu(room->p);\n\treturn -EIO;\n}\nif (watch(room)) {\n\troom_put(room);\n\treturn -EBUSY;\n}\nreturn 0;'],
  ])('are not told of what is %s', (_, body) => {
    expect(lostOf(body)).toEqual([]);
  });
});

it('ends on statements nested or repeated without end', () => {
  const deep = `${'if (x) {\n'.repeat(3_000)}p = alloc_percpu(int);${'}\n'.repeat(3_000)}`;
  expect(flowsOf(deep)).toEqual({});
  const labels = Array.from({ length: 200 }, (_, at) => `if (a${at}) {\n\tif (b) goto l${at};\n\tspin_lock(&a${at});\nl${at}:\n\tf();\n}`).join('\n');
  expect(Object.keys(flowsOf(`${labels}\np = alloc_percpu(int);`))).toEqual([]);
});
