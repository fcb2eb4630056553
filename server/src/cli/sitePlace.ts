import { statSync } from 'node:fs';
import path from 'node:path';
import { findRoot } from '../workspace/kernelRoot';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { UsageError } from './io';

/** A line of a file of a tree, as people write it: `kernel/fork.c:1334`, relative to the root where one is given. */
export interface SitePlace {
  readonly root: string;
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly line: number;
}

/** Throws UsageError where the text is no place or the file is not there. */
export function sitePlace(text: string | undefined, givenRoot: string | null): SitePlace {
  const { file, line } = placeOf(text);
  const given = givenRoot === null ? file : path.resolve(givenRoot, file);
  if (!isFile(given)) throw new UsageError(`${given}: no such file`);
  const root = givenRoot === null ? findRoot(given).directory : path.resolve(givenRoot);
  return { root, file: path.relative(root, path.resolve(given)).split(path.sep).join('/'), line };
}

/** The sites there, at least one. Throws UsageError that names the nearest where there is none. */
export function sitesAt(snapshot: Snapshot, { file, line }: SitePlace): readonly [SnapshotSite, ...SnapshotSite[]] {
  const inFile = snapshot.sites.get(file) ?? [];
  const [first, ...rest] = inFile.filter(({ site }) => site.fact.line === line);
  if (first === undefined) throw new UsageError(`${file}:${line}: no percpu call site; ${nearest(inFile, line)}`);
  return [first, ...rest];
}

function placeOf(text: string | undefined): { readonly file: string; readonly line: number } {
  const match = /^(.+):(\d+)$/.exec(text ?? '');
  if (match?.[1] === undefined) throw new UsageError(`write the place as FILE:LINE, like kernel/fork.c:1334`);
  return { file: match[1], line: Number(match[2]) };
}

function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() === true;
}

function nearest(sites: readonly SnapshotSite[], line: number): string {
  const lines = sites.map(({ site }) => site.fact.line).sort((a, b) => Math.abs(a - line) - Math.abs(b - line));
  return lines[0] === undefined ? 'there is none in the file' : `the nearest is on line ${lines[0]}`;
}
