import { describe, expect, it } from 'vitest';
import { typeFactsOf } from '../../server/src/facts/typeFacts';

describe('types of a piece of text', () => {
  it('are structs with members and their conditions, nested ones and typedefs', () => {
    const text = `struct outer {
	int a;
#ifdef CONFIG_X
	struct inner { u8 b; } in[4];
#else
	DECLARE_BITMAP(map, 64);
#endif
	unsigned flags : 3;
} __aligned(64);
typedef struct outer outer_t;
`;
    const facts = typeFactsOf(text, 'defined(CONFIG_SMP)', 100);
    expect(facts.map(({ kind, name }) => `${kind} ${name ?? ''}`)).toEqual(['struct outer', 'struct inner', 'typedef outer_t']);
    const [outer] = facts;
    if (outer?.kind !== 'struct') throw new Error('no struct');
    expect(outer.aligned).toEqual(['64']);
    expect(outer.span.start).toBe(100);
    expect(text.slice(outer.span.start - 100, outer.span.end - 100)).toMatch(/^struct outer \{[^]*\}$/);
    expect(outer.members.map(({ name, bits, condition }) => [name, bits, condition])).toEqual([
      ['a', null, 'defined(CONFIG_SMP)'],
      ['in', null, 'defined(CONFIG_SMP) && defined(CONFIG_X)'],
      [null, null, 'defined(CONFIG_SMP) && !defined(CONFIG_X)'],
      ['flags', '3', 'defined(CONFIG_SMP)'],
    ]);
    expect(outer.members[2]?.type).toEqual({ kind: 'macro', text: 'DECLARE_BITMAP ( map , 64 )' });
  });

  it('are enumerations with values', () => {
    const [fact] = typeFactsOf('enum e { A, B = 4, C = B + 1, };', null, 0);
    expect(fact).toMatchObject({ kind: 'enum', name: 'e', enumerators: [{ name: 'A', value: null }, { name: 'B', value: '4' }, { name: 'C', value: 'B + 1' }] });
  });
});
