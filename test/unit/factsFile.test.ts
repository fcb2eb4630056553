import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import type { FileFacts } from '../../server/src/facts/fileFacts';
import { catalogue, factsOf } from './factsFixture';

describe('functions', () => {
  const [open, swapoff, bpf] = factsOf([
    'static int __net_init __must_check widget_open(struct widget *w, const char __user *name,',
    '\t\tvoid (*done)(int), u32 flags[], unsigned long n, struct list_head *, ...)',
    '{', '}',
    '#ifdef CONFIG_SWAP',
    'SYSCALL_DEFINE2(swapoff, const char __user *, file, int, flags)', '{', '}',
    '#endif',
    'BPF_CALL_0(get_it)', '{', '}',
  ].join('\n')).functions;

  it('have a name, linkage, annotations and a condition', () => {
    expect([open?.name, open?.isStatic, open?.annotations, open?.condition]).toEqual(['widget_open', true, ['__net_init'], null]);
    expect([swapoff?.name, swapoff?.isStatic, swapoff?.condition]).toEqual(['SYSCALL_DEFINE2(swapoff)', false, 'defined(CONFIG_SWAP)']);
    expect(bpf?.name).toBe('BPF_CALL_0(get_it)');
  });

  it('have parameters with types as far as a typeof needs them', () => {
    const struct = (name: string): object => ({ kind: 'tagged', tag: 'struct', name });
    expect(open?.parameters).toEqual([
      { name: 'w', type: { kind: 'pointer', to: struct('widget') } },
      { name: 'name', type: { kind: 'pointer', to: { kind: 'scalar', name: 'char' } } },
      { name: 'done', type: { kind: 'pointer', to: { kind: 'function', returns: { kind: 'scalar', name: 'void' } } } },
      { name: 'flags', type: { kind: 'pointer', to: { kind: 'named', name: 'u32' } } },
      { name: 'n', type: { kind: 'scalar', name: 'unsigned long' } },
      { name: null, type: { kind: 'pointer', to: struct('list_head') } },
    ]);
    expect(swapoff?.parameters.map(({ name }) => name)).toEqual(['file', 'flags']);
    expect(factsOf('int f(void)\n{\n}\n').functions[0]?.parameters).toEqual([]);
  });

  it('lie where they are written', () => {
    const text = 'int a;\n\nstatic int f(void)\n{\n\treturn 0;\n}\nint b;\n';
    const [f] = factsOf(text).functions;
    expect([text.slice(f?.span.start, f?.span.end), text.slice(f?.nameSpan.start, f?.nameSpan.end)]).toEqual([
      'static int f(void)\n{\n\treturn 0;\n}', 'f',
    ]);
  });
});

describe('calls', () => {
  const callsIn = (text: string): string[] => factsOf(text).calls.map(({ caller, callee }) => `${caller ?? 'null'} → ${callee}`);

  it('are all direct calls in functions and macros', () => {
    const text = [
      'static int f(struct a *a)', '{', '\tint (*get)(int) = a->get;', '\tu32 (*put)(u32);', '\tstruct b b = INIT(1);', '\tif (g(h(1), sizeof(int)))',
      '\t\treturn -i(a);', '\ta->ops->open(a);', '\tk(), l();', '\t*m(a) = n * o(a);', '#define P(x) q(x)', '\treturn get(2);', '}',
      '#define R(x) ({ s(x); P(x); })', 'struct t u(void);',
    ].join('\n');
    expect(callsIn(text).sort()).toEqual([
      'P → q', 'R → P', 'R → s', 'f → INIT', 'f → g', 'f → get', 'f → h', 'f → i', 'f → k', 'f → l', 'f → m', 'f → o',
    ]);
  });

  it('know where they are', () => {
    const text = 'int f(void)\n{\n\treturn g();\n}\n';
    expect(factsOf(text).calls[0]?.offset).toBe(text.indexOf('g()'));
  });
});

describe('tables', () => {
  it('are structures filled by designators at file scope', () => {
    const text = [
      'static const struct widget_ops ops __ro_after_init = {', '\t.open\t= widget_open,', '\t.size = 4,', '#ifdef CONFIG_PM',
      '\t.pm = { .suspend = widget_suspend, .resume = &widget_resume },', '#endif', '\t.name = "widget", .handler[0] = h,', '\t.driver.owner = THIS_MODULE,', '};',
      'static struct row rows[] = {', '\t{ .fn = one },', '\t[2] = { .fn = CALL(two, 3), },', '};', 'int plain = 3;', 'static int list[] = { 1, 2 };',
    ].join('\n');
    const { tables } = factsOf(text);
    expect(tables.map(({ type, name, fields }) => [type, name, fields.map(({ field, value }) => `${field}=${value}`)])).toEqual([
      ['widget_ops', 'ops', [
        'open=widget_open', 'pm.suspend=widget_suspend', 'pm.resume=&widget_resume', 'name="widget"', 'driver.owner=THIS_MODULE',
      ]],
      ['row', 'rows', ['fn=one', 'fn=CALL(two, 3)']],
    ]);
  });
});

describe('registrations', () => {
  it('name what a file-scope macro registers', () => {
    const text = [
      'module_init(a_init);', 'fs_initcall(b_init)', 'module_platform_driver(c_driver);', '__setup("d=", d_setup);', 'early_param("e", e_setup);',
      'machine_device_initcall(board, f_init);', 'TIMER_OF_DECLARE(g, "vendor,g", g_init);', 'EXPORT_SYMBOL(h);', 'static int f(void)', '{', '\tmodule_init(x);', '}',
    ].join('\n');
    expect(factsOf(text).registrations.map(({ macro, argument }) => `${macro}: ${argument}`)).toEqual([
      'module_init: a_init', 'fs_initcall: b_init', 'module_platform_driver: c_driver', '__setup: d_setup', 'early_param: e_setup',
      'machine_device_initcall: f_init', 'TIMER_OF_DECLARE: g_init',
    ]);
  });
});

describe('macros, includes and types', () => {
  const withTypes = (text: string): FileFacts => fileFacts(text, catalogue, { types: true });
  const facts = withTypes([
    '#include <linux/percpu.h>', '#include "own.h" // mine', '#define LIMIT (1 << 4) /* bits */', '#define MAX2(a, \\', '\t\tb...) \\', '\t((a) > (b) ? \\', '\t (a) : (b))',
    '#define EMPTY', 'struct a {', '\tint b;', '};', 'typedef struct a a_t;', '#define 1bad',
  ].join('\n'));

  it('are read from their directives', () => {
    expect(facts.includes).toEqual(['<linux/percpu.h>', '"own.h"']);
    expect(facts.macros.map(({ name, parameters, body }) => [name, parameters, body])).toEqual([
      ['LIMIT', null, '(1 << 4)'], ['MAX2', ['a', 'b...'], '((a) > (b) ? (a) : (b))'], ['EMPTY', null, ''],
    ]);
  });

  it('have definitions at their place in the file', () => {
    expect(facts.types.map((type) => [type.kind, type.name])).toEqual([['struct', 'a'], ['typedef', 'a_t']]);
    expect(factsOf('struct a { int b; };').types).toEqual([]);
  });

  it('move nested definitions with the text before them', () => {
    const text = 'int x;\nstruct a {\n\tstruct { int b; } c[2];\n\tstruct d { int e; } *f;\n};\n';
    const types = (source: string): string => JSON.stringify(withTypes(source).types);
    const moved = types(text).replace(/"(start|end)":(\d+)/g, (_, key: string, at: string) => `"${key}":${Number(at) + 7}`);
    expect(types(`int y;\n${text}`)).toBe(moved);
  });
});

describe('problems', () => {
  it('are named with their place', () => {
    const text = 'int f(void)\n{\n\tif (x) {\n}\n\nint g(void)\n{\n}\n';
    expect(factsOf(text).problems).toEqual([{ span: { start: 12, end: 13 }, reason: 'braces do not balance up to the closing brace in the first column' }]);
    expect(factsOf(text).functions.map(({ name }) => name)).toEqual(['f', 'g']);
  });
});
