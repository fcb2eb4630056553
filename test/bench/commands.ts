import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allApis } from '../../server/src/kernel/catalogue';
import type { Command } from './measuring';

/** A command that is timed, beside the others in each round. */
export interface Timed {
  readonly name: string;
  /** How it is asked, for the table. */
  readonly asked: string;
  readonly command: Command;
  /** Puts everything as it was before a run. */
  readonly before?: () => void;
  /** The row whose time it is divided by. */
  readonly beside: string | null;
  /** The most that it may be of that; null: no bar. */
  readonly bar: number | null;
}

export interface Places {
  readonly tree: string;
  readonly cli: string;
  readonly scratch: string;
}

export const ripgrep = 'ripgrep';
const cscope = 'cscope build';

/** The names that `sites --family dyn,counter` looks for. */
export function searchedNames(): readonly string[] {
  return [...new Set(allApis.filter(({ family }) => family === 'dyn' || family === 'counter').map(({ name }) => name))].sort();
}

/** The other tools, asked for the same names where they can be; those that are not installed are left out. */
export function peers({ tree, scratch }: Places): readonly Timed[] {
  const names = path.join(scratch, 'names');
  const semantic = path.join(scratch, 'calls.cocci');
  const rules = path.join(scratch, 'calls.yml');
  writeFileSync(names, searchedNames().map((name) => `${name}\n`).join(''));
  writeFileSync(semantic, searchedNames().map((name) => `@@\nexpression list es;\n@@\n* ${name}(es)\n`).join('\n'));
  writeFileSync(rules, astGrepRules());
  const all: readonly Timed[] = [
    timed(ripgrep, 'rg -n -w -F -t c -f NAMES ROOT', { program: 'rg', args: ['-n', '-w', '-F', '-t', 'c', '-f', names, tree] }),
    timed('git grep', 'git grep --no-index -n -w -F -f NAMES -- *.c *.h', {
      program: 'git', args: ['grep', '--no-index', '-n', '-w', '-F', '-f', names, '--', '*.c', '*.h'], cwd: tree,
    }),
    timed('ripgrep + ast-grep', 'rg -l …, then ast-grep scan with one rule a name on the hits', {
      program: 'sh', args: ['-c', `rg -l -w -F -t c -f "${names}" "${tree}" | xargs ast-grep scan --rule "${rules}" --json=stream`],
    }),
    timed('universal-ctags', 'ctags -R --languages=C -f OUT ROOT', { program: 'ctags', args: ['-R', '--languages=C', '-f', path.join(scratch, 'tags'), tree] }),
    timed(cscope, 'cscope -bkR -f OUT', { program: 'cscope', args: ['-bkR', '-f', path.join(scratch, 'cscope.out')], cwd: tree },
      // What is there already would be brought up to date only.
      () => rmSync(path.join(scratch, 'cscope.out'), { force: true })),
    timed('GNU global build', 'gtags OUT', { program: 'gtags', args: [path.join(scratch, 'gtags')], cwd: tree }, () => mkdirSync(path.join(scratch, 'gtags'), { recursive: true })),
    timed('Coccinelle', 'spatch --sp-file CALLS --dir ROOT --no-includes --include-headers -j 2', {
      program: 'sh', args: ['-c', 'spatch "$@" || true', 'sh', '--sp-file', semantic, '--dir', tree, '--no-includes', '--include-headers', '--very-quiet', '-j', '2'],
    }),
  ];
  return all.filter(({ command, name }) => isInstalled(name === 'ripgrep + ast-grep' ? 'ast-grep' : command.program));
}

function timed(name: string, asked: string, command: Command, before?: () => void): Timed {
  return { name, asked, command, beside: name === ripgrep ? null : ripgrep, bar: null, ...(before === undefined ? {} : { before }) };
}

/** By kind: `name($$$A)` as a pattern is no call to the parser, and finds nothing. */
function astGrepRules(): string {
  return searchedNames().map((name) => `id: ${name}\nlanguage: c\nrule:\n  kind: call_expression\n  has:\n    field: function\n    regex: ^${name}$\n`).join('---\n');
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The product's commands over a whole tree. */
export function ours({ tree, cli, scratch }: Places, edit: () => void): readonly Timed[] {
  const cache = path.join(scratch, 'cache');
  const environment = { XDG_CACHE_HOME: cache };
  const lens = (args: readonly string[]): Command => ({ program: process.execPath, args: [cli, ...args], environment });
  const report = ['report', tree, '--format', 'json'];
  const clear = (): void => rmSync(cache, { recursive: true, force: true });
  return [
    {
      name: 'sites', asked: 'percpu-lens sites ROOT --family dyn,counter --format jsonl --no-cache', beside: ripgrep, bar: 2,
      command: lens(['sites', tree, '--family', 'dyn,counter', '--format', 'jsonl', '--no-cache']),
    },
    { name: 'report, cold', asked: 'percpu-lens report ROOT --format json, no cache yet', command: lens(report), before: clear, beside: cscope, bar: 0.5 },
    { name: 'report, warm', asked: 'the same, nothing changed', command: lens(report), beside: ripgrep, bar: 1.5 },
    { name: 'report, 20 files edited', asked: 'the same, a line added to 20 files', command: lens(report), before: edit, beside: ripgrep, bar: 2 },
    { name: 'simulation', asked: 'percpu-lens simulate fork-exec --cpus 1,16,64,256', command: lens(['simulate', 'fork-exec', '--cpus', '1,16,64,256', '--format', 'json']), beside: null, bar: null },
  ];
}
