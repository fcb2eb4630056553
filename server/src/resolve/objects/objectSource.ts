import { attempt } from '../unresolved';
import type { BuiltFile } from '../kbuild/builtFiles';
import { conditionHolds } from '../preprocess/conditions';
import { type TypeWorld, unitOf } from '../typeWorld';
import { truthOf } from './guards';

/** What a configuration makes of a file. */
export type Linkage =
  | { readonly kind: 'kernel' }
  | { readonly kind: 'module'; readonly name: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** What forming objects asks of a tree's files and its configuration; each answer can be that it is not known. */
export interface ObjectSource {
  /** Text of a file as its facts were made from. */
  readonly textOf: (file: string) => string | undefined;
  readonly linkageOf: (file: string) => Linkage;
  /** Whether a preprocessor condition holds, as far as configuration options alone decide it. */
  readonly holds: (condition: string) => boolean | null;
  /** What a macro that a file defines as a string stands for; null where it defines none of that name. */
  readonly stringIn: (file: string, name: string) => string | null;
  /** Value of an integer expression as it is in a file. */
  readonly constantIn: (file: string, expression: string) => number | null;
}

/** Where there is nothing but facts. */
export const noSource: ObjectSource = {
  textOf: () => undefined,
  linkageOf: () => ({ kind: 'unknown' }),
  holds: () => null,
  stringIn: () => null,
  constantIn: () => null,
};

/** Answers from the files and the configuration that sizes are for. */
export function objectSource(world: TypeWorld): ObjectSource {
  return {
    textOf: (file) => world.tree.read(file),
    linkageOf: (file) => linkageOf(world, file),
    holds: (condition) => truthOf(condition, (operand) => (overOptionsAlone(operand) ? conditionHolds(operand, world.given) : null)),
    stringIn: (file, name) => new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}[ \\t]+"(.*)"`, 'm').exec(world.tree.read(file) ?? '')?.[1] ?? null,
    constantIn: (file, expression) => {
      const written = constantAsWritten(expression);
      if (written !== undefined) return written;
      const value = attempt(() => Number(unitOf(world, file)?.constant(expression).value ?? NaN));
      return value.known && Number.isFinite(value.value) ? value.value : null;
    },
  };
}

/** Value of an expression that says so itself: a number, or null where it is read at run time; undefined where a file decides. */
export function constantAsWritten(expression: string): number | null | undefined {
  if (/^\d+$/.test(expression)) return Number(expression);
  return isReadAtRunTime(expression) ? null : undefined;
}

/** A member through a pointer, outside an operand that is not evaluated. */
function isReadAtRunTime(expression: string): boolean {
  return expression.includes('->') && !/\b(sizeof|ARRAY_SIZE|typeof|offsetof)\b|__/.test(expression);
}

function linkageOf(world: TypeWorld, file: string): Linkage {
  const { files } = world.build;
  if (!file.endsWith('.c') || files.size === 0) return { kind: 'unknown' };
  const built = files.get(file) ?? builtAs(world, file);
  if (built === undefined) return { kind: 'absent' };
  return built.module === null ? { kind: 'kernel' } : { kind: 'module', name: built.module };
}

/** Compiled as a part of another file, which is noted: its row begins with `#`, since no type was read. */
function builtAs({ build, reads }: TypeWorld, file: string): BuiltFile | undefined {
  const host = build.compiledAs(file);
  if (host !== file) reads.byUnit.set(`#compiled as ${file}`, [host]);
  return build.files.get(host);
}

function overOptionsAlone(condition: string): boolean {
  const names = condition.match(/[A-Za-z_]\w*/g) ?? [];
  return names.length > 0 && names.every((name) => /^(CONFIG_\w+|defined|IS_(ENABLED|BUILTIN|MODULE))$/.test(name));
}
