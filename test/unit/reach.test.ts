import { describe, expect, it } from 'vitest';
import { callGraph, linkedNames, type LinkFacts } from '../../server/src/resolve/callGraph';
import { markedNames, reachOver, type Purpose } from '../../server/src/resolve/reach';

interface Sketch {
  readonly functions?: Readonly<Record<string, { readonly static?: boolean; readonly annotations?: readonly string[]; readonly calls?: readonly string[] }>>;
  readonly tables?: readonly { readonly type: string; readonly fields: Readonly<Record<string, string>> }[];
  readonly registrations?: Readonly<Record<string, string>>;
  readonly macros?: Readonly<Record<string, readonly string[]>>;
}

function tree(files: Readonly<Record<string, Sketch>>): ReadonlyMap<string, LinkFacts> {
  return new Map(Object.entries(files).map(([file, sketch]) => [file, linkFacts(sketch)]));
}

function linkFacts(sketch: Sketch): LinkFacts {
  const functions = Object.entries(sketch.functions ?? {});
  const macros = Object.entries(sketch.macros ?? {});
  return {
    functions: functions.map(
      ([name, { static: isStatic = false, annotations = [] }]) => ({ name, isStatic, annotations, parameters: [], condition: null, start: 0, end: 0 }),
    ),
    macros: macros.map(([name]) => ({ name })),
    calls: [
      ...functions.map(([caller, { calls = [] }]) => ({ caller, callees: calls })),
      ...macros.map(([caller, callees]) => ({ caller, callees })),
    ],
    tables: (sketch.tables ?? []).map(({ type, fields }) => ({
      type, name: 'table',
      fields: Object.entries(fields).map(([field, value]) => ({ field, value })),
    })),
    mentions: [],
    registrations: Object.entries(sketch.registrations ?? {}).map(([argument, macro]) => ({ macro, argument })),
  };
}

function classes(files: Readonly<Record<string, Sketch>>, file: string, name: string, purpose: Purpose = 'create'): readonly string[] {
  const { reachOf } = reachOver(markedNames(tree(files)), { isApi: (api) => api === 'pool_init', hubs: new Set() });
  return reachOf(file, name, purpose).map(({ frequencyClass, chain }) => `${frequencyClass}: ${chain.join(' → ')}`);
}

describe('reach', () => {
  it('climbs calls of one file to a named root and shows the chain', () => {
    const fork: Sketch = {
      functions: {
        kernel_clone: { calls: ['copy_process'] },
        copy_process: { calls: ['copy_mm'] },
        copy_mm: { static: true, calls: ['dup_mm'] },
        dup_mm: { static: true, calls: ['mm_init'] },
        mm_init: { static: true },
      },
    };
    expect(classes({ 'kernel/fork.c': fork }, 'kernel/fork.c', 'mm_init')).toEqual([
      'fork-exec: copy_process → copy_mm → dup_mm → mm_init',
    ]);
  });

  it('tells a new thread from a new address space', () => {
    const fork: Sketch = { functions: { copy_process: { calls: ['account_task'] }, account_task: { static: true } } };
    expect(classes({ 'kernel/fork.c': fork }, 'kernel/fork.c', 'account_task')).toEqual([
      'fork-exec: copy_process → account_task',
      'thread: copy_process → account_task',
    ]);
  });

  it('keeps a static function of another file apart from one with the same name', () => {
    const files = {
      'net/a.c': { functions: { setup: { static: true } }, tables: [{ type: 'pernet_operations', fields: { init: 'setup' } }] },
      'drivers/b.c': { functions: { setup: { static: true } } },
    };
    expect(classes(files, 'net/a.c', 'setup')).toEqual(['netns: pernet_operations.init → setup']);
    expect(classes(files, 'drivers/b.c', 'setup')).toEqual([]);
  });

  it('crosses files by global names and passes through macros', () => {
    const files = {
      'include/linux/pool.h': { macros: { pool_init: ['__pool_init'] } },
      'lib/pool.c': { functions: { __pool_init: {} } },
      'net/sched/act_drop.c': {
        functions: { drop_init: { static: true, calls: ['pool_init'] } },
        tables: [{ type: 'tc_action_ops', fields: { init: 'drop_init' } }],
      },
    };
    expect(classes(files, 'lib/pool.c', '__pool_init')).toEqual([
      'tc: tc_action_ops.init → drop_init → pool_init → __pool_init',
    ]);
  });

  it('ends at functions that only run at boot or at module load', () => {
    const built: Sketch = { functions: { cache_init: { annotations: ['__init'], calls: ['make_cache'] }, make_cache: { static: true } } };
    const modular: Sketch = { ...built, registrations: { cache_init: 'module_init' } };
    expect(classes({ 'mm/a.c': built }, 'mm/a.c', 'make_cache')).toEqual(['boot: __init → cache_init → make_cache']);
    expect(classes({ 'fs/b.c': modular }, 'fs/b.c', 'make_cache')).toEqual(['module-load: module_init → cache_init → make_cache']);
  });

  it('orders classes by frequency and gives each its own chain', () => {
    const files = {
      'fs/super.c': {
        functions: { fill: { static: true }, remount: { static: true, calls: ['fill'] }, init_fs: { annotations: ['__init'], calls: ['fill'] } },
        tables: [{ type: 'fs_context_operations', fields: { get_tree: 'remount' } }],
      },
    };
    expect(classes(files, 'fs/super.c', 'fill')).toEqual([
      'mount: fs_context_operations.get_tree → remount → fill',
      'boot: __init → init_fs → fill',
    ]);
  });

  it('names the initcall rather than the annotation below it', () => {
    const files = {
      'fs/a.c': {
        functions: {
          load: { annotations: ['__init'], calls: ['make'] },
          early: { annotations: ['__init'], calls: ['make'] },
          make: { static: true },
        },
        registrations: { load: 'fs_initcall' },
      },
    };
    expect(classes(files, 'fs/a.c', 'make')).toEqual(['boot: fs_initcall → load → make']);
  });

  it('does not pass through a service that is called from everywhere, unless it is an API', () => {
    const callers = ['fs/a/x.c', 'fs/b/x.c', 'net/c/x.c', 'net/d/x.c', 'drivers/e/x.c', 'drivers/f/x.c'];
    const caller = (index: number, callee: string): Sketch => ({
      functions: { [`open_${index}`]: { static: true, calls: [callee] } },
      tables: [{ type: 'pernet_operations', fields: { init: `open_${index}` } }],
    });
    const files = (service: string): Record<string, Sketch> => ({
      'lib/pool.c': { functions: { [service]: { calls: ['grow'] }, grow: { static: true } } },
      ...Object.fromEntries(callers.map((file, index) => [file, caller(index, service)])),
    });
    expect(classes(files('put_any'), 'lib/pool.c', 'grow')).toEqual([]);
    expect(classes(files('put_any'), 'lib/pool.c', 'put_any')).toEqual(['netns: pernet_operations.init → open_0 → put_any']);
    expect(classes(files('pool_init'), 'lib/pool.c', 'pool_init', 'touch')).toEqual(['netns: pernet_operations.init → open_0 → pool_init']);
  });

  it('keeps programs and architectures apart', () => {
    const setup: Sketch = { functions: { mm_setup: {} } };
    const clone: Sketch = { functions: { copy_process: { calls: ['mm_setup'] } } };
    expect(classes({ 'mm/a.c': setup, 'tools/testing/fork.c': clone }, 'mm/a.c', 'mm_setup')).toEqual([]);
    expect(classes({ 'arch/arm/a.c': setup, 'arch/mips/b.c': clone }, 'arch/arm/a.c', 'mm_setup')).toEqual([]);
    expect(classes({ 'arch/arm/a.c': setup, 'kernel/b.c': clone }, 'arch/arm/a.c', 'mm_setup')[0]).toBe('fork-exec: copy_process → mm_setup');
  });

  it('says of what ends an object nothing about what is created', () => {
    const fork: Sketch = { functions: { mmput: { calls: ['drop'] }, drop: { static: true } } };
    expect(classes({ 'kernel/fork.c': fork }, 'kernel/fork.c', 'drop', 'create')).toEqual([]);
    expect(classes({ 'kernel/fork.c': fork }, 'kernel/fork.c', 'drop', 'release')).toEqual(['fork-exec: mmput → drop']);
  });

  it('ends on recursion', () => {
    const loop: Sketch = { functions: { a: { calls: ['b'] }, b: { calls: ['a'] } } };
    expect(classes({ 'x.c': loop }, 'x.c', 'a')).toEqual([]);
  });
});

describe('what was asked for', () => {
  it('is told apart: names whose callers count, and those of which definitions alone do', () => {
    const { definitionsOf, callersOf, asked } = callGraph(linkedNames(tree({
      'a.c': { functions: { made: {}, maker: { calls: ['made', 'looked_up'] } } },
      'b.c': { functions: { looked_up: {}, passer_by: { calls: ['looked_up'] } } },
    })));
    definitionsOf('looked_up', 'a.c');
    definitionsOf('made', 'a.c').forEach((definition) => callersOf(definition));
    expect([...asked().names].sort()).toEqual(['looked_up', 'made', 'maker']);
    expect([...asked().called]).toEqual(['made']);
  });
});
