import { describe, expect, it } from 'vitest';
import { factsOf } from './factsFixture';

/** Each site's name with what is to be ignored about it and why. */
function silenced(text: string): readonly string[] {
  return factsOf(text).sites.map(({ api, suppressions }) => `${api}: ${(suppressions ?? []).map(({ ids, reason }) => `${ids.join('+')} because ${reason ?? '?'}`).join('; ')}`);
}

function problems(text: string): readonly string[] {
  return factsOf(text).problems.map(({ reason }) => reason);
}

describe('a comment that asks for silence', () => {
  it('at the end of a line covers the calls on that line alone', () => {
    const text = 'static int f(void)\n{\n\ta = alloc_percpu(int); /* percpu-lens: ignore grouping: freed one by one */\n\tb = alloc_percpu(int);\n}\n';
    expect(silenced(text)).toEqual(['alloc_percpu: grouping because freed one by one', 'alloc_percpu: ']);
  });

  it('at the end of a call over several lines covers it', () => {
    const text = 'static int f(void)\n{\n\ta = __alloc_percpu(sizeof(int),\n\t\t8); // percpu-lens: ignore all: measured\n}\n';
    expect(silenced(text)).toEqual(['__alloc_percpu: all because measured']);
  });

  it('on a line of its own covers the statement that follows', () => {
    const text = 'static int f(void)\n{\n\t/*\n\t * percpu-lens: ignore grouping, ctor-dtor: lives as long as\n\t * the module\n\t */\n\tif (percpu_counter_init(&s->a, 0, GFP_KERNEL) ||\n\t    percpu_counter_init(&s->b, 0, GFP_KERNEL))\n\t\tpercpu_counter_init(&s->c, 0, GFP_KERNEL);\n\tpercpu_counter_init(&s->d, 0, GFP_KERNEL);\n}\n';
    const reason = 'percpu_counter_init: grouping+ctor-dtor because lives as long as the module';
    expect(silenced(text)).toEqual([reason, reason, reason, 'percpu_counter_init: ']);
  });

  it('above a function covers all of it', () => {
    const text = '/* percpu-lens: ignore grouping: they outlive each other */\nstatic int f(void)\n{\n\ta = alloc_percpu(int);\n\tb = alloc_percpu(int);\n}\nstatic int g(void)\n{\n\tc = alloc_percpu(int);\n}\n';
    expect(silenced(text)).toEqual(['alloc_percpu: grouping because they outlive each other', 'alloc_percpu: grouping because they outlive each other', 'alloc_percpu: ']);
  });

  it('without a reason, without an id or at no call is reported with its line', () => {
    const call = '\ta = alloc_percpu(int);';
    expect(problems(`static int f(void)\n{\n${call} /* percpu-lens: ignore grouping */\n}\n`)).toEqual([
      'line 3: "percpu-lens: ignore grouping" gives no reason, so nothing is ignored: add ": reason"',
    ]);
    expect(problems(`static int f(void)\n{\n${call} /* percpu-lens: be quiet */\n}\n`)).toEqual(['line 3: a percpu-lens comment is written "percpu-lens: ignore ID: reason"']);
    expect(problems(`static int f(void)\n{\n\t/* percpu-lens: ignore grouping: why */\n\tx = 1;\n${call}\n}\n`)).toEqual(['line 3: "percpu-lens: ignore grouping" stands at no percpu call']);
  });

  it('is none inside a string', () => {
    const text = 'static int f(void)\n{\n\tpr_info("/* percpu-lens: ignore all: no */"); a = alloc_percpu(int);\n}\n';
    expect(silenced(text)).toEqual(['alloc_percpu: ']);
    expect(problems(text)).toEqual([]);
  });
});
