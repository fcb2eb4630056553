import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kernelTree } from '../referenceData';

const harness = path.resolve(import.meta.dirname, '../data/kernelHarness');

/** A program made of functions of a kernel tree; takes input, gives output lines. */
export type Program = (args: readonly string[], input: string) => string[];

export interface ProgramParts {
  /** Kernel file and the names of what is taken out of it, in order: functions, `struct x`, `#define x`. */
  readonly pieces: readonly (readonly [file: string, names: readonly string[]])[];
  /** Structures, which come before `before`. */
  readonly types?: readonly (readonly [file: string, names: readonly string[]])[];
  readonly before: string;
  readonly after: string;
  readonly defines?: readonly string[];
}

/** Compiles the program; null (said aloud) where there is no tree or no compiler. */
export function kernelProgram(version: '6.12' | '6.1', parts: ProgramParts): Program | null {
  const tree = kernelTree(version);
  if (tree === undefined) return null;
  if (spawnSync('cc', ['--version']).status !== 0) {
    process.stderr.write('SKIPPED, no C compiler\n');
    return null;
  }
  const own = (name: string): string => readFileSync(path.join(harness, name), 'utf8');
  const take = (pieces: ProgramParts['pieces']): string =>
    pieces.flatMap(([file, names]) => {
      const text = readFileSync(path.join(tree, file), 'utf8');
      return names.map((name) => definitionOf(text, name));
    }).join('\n\n');
  const folder = mkdtempSync(path.join(tmpdir(), 'percpu-kernel-'));
  const source = path.join(folder, 'program.c');
  const program = path.join(folder, 'program');
  writeFileSync(source, [own('environment.h'), take(parts.types ?? []), own(parts.before), take(parts.pieces), own(parts.after)].join('\n'));
  execFileSync('cc', ['-O1', '-w', ...(parts.defines ?? []).map((define) => `-D${define}`), '-o', program, source]);
  return (args, input) => {
    const run = spawnSync(program, args, { input, maxBuffer: 1 << 30 });
    if (run.status !== 0) throw new Error(`the kernel's code stopped with ${String(run.status)}: ${run.stderr.toString()}`);
    return run.stdout.toString().trimEnd().split('\n');
  };
}

/** The text of a definition at file scope: from its first line to the brace (or backslash line) that ends it. */
function definitionOf(text: string, name: string): string {
  const lines = text.split('\n');
  if (name.startsWith('#define ')) return macroAt(lines, name);
  if (name.startsWith('struct ')) return blockFrom(lines, lines.indexOf(`${name} {`));
  const mention = new RegExp(`(^|[ *])${name}\\(`);
  const at = lines.findIndex((line, index) => /^[a-z_]/.test(line) && mention.test(line) && opensBody(lines, index));
  if (at === -1) throw new Error(`no definition of ${name}`);
  const typeAlone = /^[a-z_][\w *]*$/.test(lines[at - 1] ?? '');
  return blockFrom(lines, typeAlone ? at - 1 : at);
}

function opensBody(lines: readonly string[], from: number): boolean {
  const end = lines.findIndex((line, index) => index >= from && (line === '{' || line.endsWith(';')));
  return end !== -1 && lines[end] === '{';
}

function blockFrom(lines: readonly string[], from: number): string {
  const end = lines.findIndex((line, index) => index > from && /^\}/.test(line));
  return lines.slice(from, end + 1).join('\n');
}

function macroAt(lines: readonly string[], name: string): string {
  const from = lines.findIndex((line) => line.startsWith(name));
  const end = lines.findIndex((line, index) => index >= from && !line.endsWith('\\'));
  return lines.slice(from, end + 1).join('\n');
}
