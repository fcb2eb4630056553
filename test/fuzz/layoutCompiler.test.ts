import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../server/src/kernel/kconfig';
import { typeWorld, unitOf } from '../../server/src/resolve/typeWorld';
import { memoryTree } from '../sourceTrees';

/** Random records in GNU C, laid out by us and by the compiler of this machine. */
const scalars = ['char', 'unsigned char', 'short', 'int', 'unsigned int', 'long', 'unsigned long long', '_Bool', 'void *', '__int128', 'enum e'];
const bitTypes: readonly (readonly [string, number])[] = [
  ['unsigned char', 8], ['short', 16], ['int', 32], ['unsigned int', 32], ['unsigned long', 64], ['_Bool', 1],
];

const attribute = fc.oneof(
  { arbitrary: fc.constant(''), weight: 8 },
  { arbitrary: fc.constant(' __attribute__((packed))'), weight: 1 },
  { arbitrary: fc.constantFrom(2, 4, 8, 16, 64).map((n) => ` __attribute__((aligned(${n})))`), weight: 1 },
);

const plain = fc.record({ type: fc.constantFrom(...scalars), length: fc.option(fc.integer({ min: 0, max: 5 })), attribute })
  .map(({ type, length, attribute: after }) => (name: string) => `${type} ${name}${length === null ? '' : `[${length}]`}${after};`);

const bitField = fc.record({ type: fc.constantFrom(...bitTypes), width: fc.integer({ min: 0, max: 64 }), anonymous: fc.boolean(), attribute })
  .map(({ type: [type, most], width, anonymous, attribute: after }) => (name: string) => {
    const bits = Math.min(width, most);
    // GCC ignores `packed` on a zero-width field, and a named one must have bits.
    if (anonymous || bits === 0) return `${type} : ${bits};`;
    return `${type} ${name} : ${bits}${after};`;
  });

type Member = (name: string) => string;

const { record } = fc.letrec<{ member: Member; record: Member }>((tie) => ({
  member: fc.oneof({ maxDepth: 2 }, { arbitrary: plain, weight: 6 }, { arbitrary: bitField, weight: 4 }, { arbitrary: tie('record'), weight: 1 }),
  record: fc.record({
    kind: fc.constantFrom('struct', 'union'),
    members: fc.array(tie('member'), { minLength: 1, maxLength: 6 }),
    attribute,
    named: fc.boolean(),
  }).map(({ kind, members, attribute: after, named }): Member => (name) => {
    const inside = members.map((member, index) => member(`${name}_${index}`)).join(' ');
    return `${kind} { ${inside} }${after}${named ? ` ${name}` : ''};`;
  }),
}));

const definition = fc.record({
  kind: fc.constantFrom('struct', 'union'),
  members: fc.array(fc.oneof({ arbitrary: plain, weight: 5 }, { arbitrary: bitField, weight: 5 }, { arbitrary: record, weight: 1 }), { minLength: 1, maxLength: 8 }),
  attribute,
  pack: fc.oneof({ arbitrary: fc.constant(null), weight: 6 }, { arbitrary: fc.constantFrom(1, 2, 4), weight: 1 }),
}).map(({ kind, members, attribute: after, pack }) => (tag: string) => {
  const body = `${kind} ${tag} {\n${members.map((member, index) => `\t${member(`m${index}`)}\n`).join('')}}${after};\n`;
  return { kind, text: pack === null ? body : `#pragma pack(${pack})\n${body}#pragma pack()\n` };
});

function compiler(): string | undefined {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return execFileSync('gcc', ['-dumpmachine'], { encoding: 'utf8' }).startsWith('x86_64') ? 'gcc' : undefined;
  } catch {
    return undefined;
  }
}

const gcc = compiler();
if (gcc === undefined) process.stderr.write('SKIPPED, no gcc for x86-64: layouts are not compared with a compiler\n');

/** Size and alignment of each tag as the compiler has them. */
function compiled(text: string, tags: readonly string[]): string[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'layout-'));
  try {
    const source = path.join(folder, 'layout.c');
    const table = tags.map((tag) => `{ sizeof(${tag}), _Alignof(${tag}) },`).join('\n');
    writeFileSync(source, `${text}\nconst unsigned long layout_table[][2] __attribute__((section("layout"))) = {\n${table}\n};\n`);
    execFileSync('gcc', ['-w', '-c', '-o', path.join(folder, 'layout.o'), source]);
    execFileSync('objcopy', ['-O', 'binary', '-j', 'layout', path.join(folder, 'layout.o'), path.join(folder, 'layout.bin')]);
    const bytes = readFileSync(path.join(folder, 'layout.bin'));
    return tags.map((_, index) => `${bytes.readBigUInt64LE(index * 16).toString()}/${bytes.readBigUInt64LE(index * 16 + 8).toString()}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(gcc === undefined)('layout of random records', () => {
  it('is that of the compiler', () => {
    const samples = fc.sample(definition, { numRuns: 1_500, seed: 20 }).map((make, index) => make(`s${index}`));
    const text = `enum e { A, B = 70000 };\n${samples.map((sample) => sample.text).join('\n')}`;
    const tags = samples.map(({ kind }, index) => `${kind} s${index}`);
    const expected = compiled(text, tags);
    const world = typeWorld({ tree: memoryTree({ 'a.c': text }), architecture: 'x86_64', configuration: parseConfiguration('', 'none') });
    const unit = unitOf(world, 'a.c');
    const different = tags.flatMap((tag, index) => {
      const type = unit?.typeOf(tag);
      const layout = type === undefined ? undefined : unit?.layout(type);
      const ours = `${layout?.size ?? 0}/${layout?.align ?? 0}`;
      return ours === expected[index] ? [] : [`${ours}, not ${expected[index] ?? ''}: ${samples[index]?.text ?? ''}`];
    });
    expect(different.slice(0, 5)).toEqual([]);
    expect(different.length).toBe(0);
  });
});
