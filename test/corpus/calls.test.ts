import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mentionsOfCalls, verdictOf } from '../../server/src/facts/callTokens';
import { parseSegment } from '../../server/src/syntax/parse';
import type { Scan, Segment } from '../../server/src/syntax/segment';
import { scan } from '../../server/src/syntax/segments';
import { startAt } from '../../server/src/syntax/tokenAccess';
import { childIn, nodesOfType } from '../../server/src/syntax/syntaxNode';
import { isCallable } from '../../server/src/syntax/words';
import { kernelTree } from '../referenceData';
import { listFiles } from './listFiles';

const tree = kernelTree('6.12');
const folders = ['kernel/sched', 'mm', 'net/core', 'fs/ext4', 'block', 'lib', 'drivers/md'];

interface Comparison {
  functions: number;
  withErrors: number;
  calls: number;
  onlyTree: string[];
  onlyTokens: string[];
}

function compare(file: Scan, segment: Segment, name: string, into: Comparison): void {
  const parsed = parseSegment(file, segment);
  if (parsed === undefined) throw new Error(`${name}: too large to parse`);
  into.functions++;
  if (nodesOfType(parsed.root, 'ERROR').length > 0) {
    into.withErrors++;
    return;
  }
  const { text, tokens } = file;
  const body = startAt(tokens, segment.body);
  const byTree = new Set(parsed.masked.loops.keys());
  for (const call of nodesOfType(parsed.root, 'call_expression')) {
    const callee = childIn(call, 'function');
    if (callee?.type === 'identifier' && callee.start > body && isCallable(text.slice(callee.start, callee.end))) byTree.add(callee.start);
  }
  const mentions = mentionsOfCalls(tokens, segment.body, segment.last).filter(({ at }) => verdictOf(tokens, at, segment.body) !== 'none');
  const byTokens = new Set(mentions.map(({ at }) => startAt(tokens, at)));
  const place = (offset: number): string => `${name}: ${text.slice(offset, offset + 40).split('\n', 1)[0] ?? ''}`;
  into.calls += byTree.size;
  into.onlyTree.push(...[...byTree].filter((offset) => !byTokens.has(offset)).map(place));
  into.onlyTokens.push(...[...byTokens].filter((offset) => !byTree.has(offset)).map(place));
}

describe.skipIf(tree === undefined)('calls read from tokens alone', () => {
  const result: Comparison = { functions: 0, withErrors: 0, calls: 0, onlyTree: [], onlyTokens: [] };
  for (const folder of tree === undefined ? [] : folders) {
    for (const name of listFiles(path.join(tree ?? '', folder))) {
      const file = scan(readFileSync(path.join(tree ?? '', folder, name), 'utf8'));
      for (const segment of file.segments) if (segment.kind === 'function') compare(file, segment, `${folder}/${name}`, result);
    }
  }
  process.stdout.write(`${result.functions} functions, ${result.withErrors} with errors, ${result.calls} calls\n`);

  it('are compared on functions that mostly parse without an error after masking', () => {
    expect(result.functions).toBeGreaterThan(5_000);
    expect(result.withErrors / result.functions).toBeLessThan(0.01);
  });

  it('are all those of the syntax tree', () => {
    expect(result.onlyTree).toEqual([]);
  });

  it('are besides them only macros that declare', () => {
    expect(result.onlyTokens.length / result.calls).toBeLessThan(0.001);
  });
});
