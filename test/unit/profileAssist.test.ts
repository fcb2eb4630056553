import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposalsAt, type Proposal, type Vocabulary } from '../../server/src/profile/completion';
import { cursorAt } from '../../server/src/profile/cursor';
import { profileHoverAt } from '../../server/src/profile/hover';
import { profileJsonSchema } from '../../server/src/profile/jsonSchema';
import { readProfile } from '../../server/src/profile/readProfile';
import { unknownIds } from '../../server/src/profile/unknownIds';

const vocabulary: Vocabulary = {
  machines: new Map([['rack', '96 possible CPUs, rack'], ['laptop-8', '8 CPUs']]),
  rules: new Map([['hot-site', 'A site past its knee']]),
  strategies: new Map([['grouping', 'Several areas in one allocation']]),
};

/** Text with `|` where the cursor is. */
function marked(text: string): { readonly text: string; readonly offset: number } {
  return { text: text.replace('|', ''), offset: text.indexOf('|') };
}

function proposals(source: string): readonly Proposal[] {
  const { text, offset } = marked(source);
  return proposalsAt(text, offset, vocabulary);
}

function labels(source: string): string[] {
  return proposals(source).map(({ label }) => label);
}

/** What the file is once the proposal is taken, its places to fill in left at their first guess. */
function taken(source: string, label: string): string {
  const { text } = marked(source);
  const proposal = proposals(source).find((one) => one.label === label);
  if (proposal === undefined) throw new Error(`no proposal ${label} among ${labels(source).join()}`);
  const inserted = proposal.snippet.replace(/\$\{\d+[:|]?([^}|,]*)[^}]*\}/g, '$1');
  return text.slice(0, proposal.span.start) + inserted + text.slice(proposal.span.end);
}

describe('a cursor in a percpu.toml', () => {
  it.each([
    ['mach|', 'key', ''], ['machine = |', 'value', 'machine'], ['machine = "ra|"', 'value', 'machine'],
    ['[machines.rack]\n|', 'key', 'machines.rack'], ['[machines.rack]\nsmt = 2\npos|', 'key', 'machines.rack'],
    ['[machines.rack]\nlatency_ns = { |', 'key', 'machines.rack.latency_ns'],
    ['[machines.rack]\nlatency_ns = { smt = 1, l|', 'key', 'machines.rack.latency_ns'],
    ['[machines.rack]\nlatency_ns = { smt = |', 'value', 'machines.rack.latency_ns.smt'],
    ['[machines.rack]\nlatency_ns = { smt = 1 }\n|', 'key', 'machines.rack'],
    ['[machines]\nrack.latency_ns.smt = |', 'value', 'machines.rack.latency_ns.smt'],
    ['[mach|', 'header', ''], ['[workload.ra|', 'header', 'workload'], ['[[ap|', 'header', ''],
    ['[[suppress]]\nid = ["a", |', 'value', 'suppress.[].id.[]'], ['[[suppress]]\nid = [\n  "a",\n  |\n]', 'value', 'suppress.[].id.[]'],
    ['[[apis]]\nareas = [\n  { bytes = 4, wh|', 'key', 'apis.[].areas.[]'],
    ['# |', 'comment', ''], ['[rules]\nx = "a#b"\n|', 'key', 'rules'], ['[rules]\nx = """\n[kernel]\n"""\n|', 'key', 'kernel'],
  ])('%j is at a %s of %j', (source, at, at_path) => {
    const { text, offset } = marked(source);
    const cursor = cursorAt(text, offset);
    expect([cursor.at, cursor.path.join('.')]).toEqual([at, at_path]);
  });
});

describe('completion', () => {
  it('offers tables and keys that are not there yet', () => {
    expect(labels('|')).toEqual(['machine', '[machines.name]', '[kernel]', '[workload.rates]', '[workload.live]', '[[apis]]', '[[suppress]]', '[rules]', '[scenarios.name]', '[limits]']);
    expect(labels('[kernel]\nversion = "6.6"\n|')).toEqual(expect.arrayContaining(['config', 'arch', '[limits]']));
    expect(labels('[kernel]\nversion = "6.6"\n|')).not.toContain('version');
    expect(labels('[workload.rates]\nf|')).toEqual(expect.arrayContaining(['fork-exec', 'netns']));
    expect(labels('[machines.rack]\nlatency_ns = { |')).toEqual(['smt', 'llc', 'socket', 'remote']);
    expect(labels('[rules]\n|')).toContain('hot-site');
  });

  it('offers the names that a value may have', () => {
    expect(labels('machine = "|"')).toEqual(['rack', 'laptop-8']);
    expect(labels('[[suppress]]\nid = ["|"]')).toEqual(['hot-site', 'grouping', 'all']);
    expect(labels('[kernel]\narch = |')).toEqual(['x86_64', 'arm64']);
    expect(labels('[rules]\nhot-site = |')).toEqual(['off', 'hint', 'information', 'warning', 'error']);
    expect(labels('[[apis]]\narguments = ["-", |]')).toEqual(['type', 'size', 'align', 'gfp', 'target', 'count', 'amount', '-']);
    expect(labels('# |')).toEqual([]);
    expect(labels('[nonsense]\nx = |')).toEqual([]);
  });

  it('gives what the reader takes', () => {
    const machine = taken('|', '[machines.name]');
    expect(readProfile(machine, '/p').problems).toEqual([]);
    expect(readProfile(machine, '/p').profile.machines).toHaveLength(1);
    expect(taken('machine = "|"', 'laptop-8')).toBe('machine = "laptop-8"');
    expect(taken('machine = lap|', 'laptop-8')).toBe('machine = "laptop-8"');
    expect(taken('[mach|]', '[machines.name]')).toMatch(/^\[machines\.name\]\npossible = 1\n/);
  });

  it('never throws on any text', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('[', ']', '{', '}', '=', '"', "'", '"""', ',', '\n', '[machines.x]\n', 'id', '.', '#'));
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(40), (pieces, at) => {
      const text = pieces.join('');
      for (const { span } of proposalsAt(text, Math.min(at, text.length), vocabulary)) expect(span.end).toBeLessThanOrEqual(text.length);
    }));
  });
});

describe('a hover', () => {
  const hover = (source: string): string | null => {
    const { text, offset } = marked(source);
    const { tree } = readProfile(text, '/p');
    return tree === null ? null : (profileHoverAt(tree, offset, vocabulary)?.text ?? null);
  };

  it('says what a key means and has to be, and what a name names', () => {
    expect(hover('[machines.rack]\nposs|ible = 0')).toMatch(/^possible: Possible CPUs.*Required: a whole number from 1 to 8192\.$/s);
    expect(hover('[machines.rack]\nlatency_ns = { l|lc = 1 }')).toContain('cores of one last-level cache');
    expect(hover('[machines.r|ack]\n')).toBe('rack: 96 possible CPUs, rack');
    expect(hover('machine = "lap|top-8"')).toBe('laptop-8: 8 CPUs');
    expect(hover('[[suppress]]\nid = "grou|ping"')).toBe('grouping: Several areas in one allocation');
    expect(hover('[rules]\nhot-s|ite = "off"')).toBe('hot-site: A site past its knee');
    expect(hover('[nonsense]\nx| = 1')).toBeNull();
    expect(hover('# com|ment')).toBeNull();
  });
});

describe('names of other versions', () => {
  it('are warned of and kept', () => {
    const { tree, profile } = readProfile('[rules]\nhot-sit = "off"\n[[suppress]]\nfile = "a.c"\nid = ["grouping", "magic"]\nreason = "r"\n', '/p');
    expect(profile.suppressions[0]?.ids).toEqual(['grouping', 'magic']);
    expect(tree === null ? [] : unknownIds(tree, vocabulary).map(({ message, severity }) => `${severity ?? 'error'}: ${message}`)).toEqual([
      'warning: "hot-sit" is no rule of this version; did you mean "hot-site"?',
      'warning: "magic" is no rule or strategy of this version; there are all, hot-site, grouping',
    ]);
  });
});

describe('the JSON schema', () => {
  it('is the one that is shipped', () => {
    const shipped: unknown = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../syntaxes/percpu.schema.json'), 'utf8'));
    expect(shipped, 'write it anew: node scripts/writeSchema.mjs').toEqual(profileJsonSchema());
  });
});
