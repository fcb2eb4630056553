import path from 'node:path';

/** As git by default: a file is renamed where at least half of it is still there. */
const leastLikeness = 0.5;
/** Pairs of files that are read and compared at most; a tree that was turned over is no rename. */
const mostPairs = 4_000;

export interface RenameInput {
  /** Files that are gone and had sites. */
  readonly removed: readonly string[];
  /** All files that are new. */
  readonly added: readonly string[];
  readonly readBefore: (file: string) => string | undefined;
  readonly readAfter: (file: string) => string | undefined;
}

/**
 * Which files were renamed, and maybe edited: for each that is gone the new one that shares most lines with it, among
 * those of its folder and those of its name. The same for folders and commits, so that both give one answer.
 */
export function renamedFiles({ removed, added, readBefore, readAfter }: RenameInput): ReadonlyMap<string, string> {
  const texts = new Map<string, ReadonlyMap<string, number>>();
  const linesAfter = (file: string): ReadonlyMap<string, number> => {
    const lines = texts.get(file) ?? lineCounts(readAfter(file) ?? '');
    texts.set(file, lines);
    return lines;
  };
  const renamed = new Map<string, string>();
  let pairs = 0;
  for (const file of removed) {
    const candidates = added.filter((other) => path.extname(other) === path.extname(file) && mayBe(file, other));
    pairs += candidates.length;
    if (candidates.length === 0 || pairs > mostPairs) continue;
    const lines = lineCounts(readBefore(file) ?? '');
    const [best] = candidates.map((other) => ({ other, likeness: likeness(lines, linesAfter(other)) })).sort((a, b) => b.likeness - a.likeness);
    if (best !== undefined && best.likeness >= leastLikeness) renamed.set(file, best.other);
  }
  return renamed;
}

function mayBe(file: string, other: string): boolean {
  return path.dirname(file) === path.dirname(other) || path.basename(file) === path.basename(other);
}

function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const key = line.trim();
    if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Lines in common, of the larger of the two. */
function likeness(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [line, count] of one) common += Math.min(count, other.get(line) ?? 0);
  return common / Math.max(1, total(one), total(other));
}

function total(lines: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const count of lines.values()) sum += count;
  return sum;
}
