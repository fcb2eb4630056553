import { spawn } from 'node:child_process';
import path from 'node:path';

/** What keeps git from answering, in one line for the person who asked. */
export class GitProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GitProblem';
  }
}

/** How a git command is started; also by the thread that reads blobs. */
export interface GitCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Nothing that is asked for is larger; a kernel's list of files has 10 MB. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Settings of a repository can name programs: monitors, hooks, filters, proxies, helpers. None is run: those that
 * plain reading could reach are switched off here, the others belong to commands that are never used. Nothing is
 * fetched either: a blob that a partial clone lacks is missing.
 */
const safeSettings = [
  'core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat', 'core.sshCommand=false', 'core.gitProxy=false', 'credential.helper=',
  'protocol.allow=never', 'gc.auto=0', 'maintenance.auto=false',
];

/** The user's own git, without a shell, in a folder of a repository. */
export function gitCommand(folder: string, args: readonly string[]): GitCommand {
  return {
    program: 'git',
    args: ['--no-optional-locks', '--no-pager', ...safeSettings.flatMap((setting) => ['-c', setting]), '-C', path.resolve(folder), ...args],
    env: gitEnvironment(process.env),
    // Some systems look for programs in the current folder first, which may be the workspace's.
    cwd: path.dirname(process.execPath),
  };
}

/** The person's environment without what would lead git to another repository or have it run or fetch something. */
function gitEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_') || name.startsWith('GIT_CONFIG'));
  return {
    ...Object.fromEntries(kept),
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_SSH_COMMAND: 'false',
    GIT_ASKPASS: 'false',
    LC_ALL: 'C',
  };
}

export interface GitAnswer {
  /** Null where git was ended by a signal. */
  readonly code: number | null;
  readonly out: Buffer;
  /** The first line of what it said of an error. */
  readonly complaint: string;
}

/** Runs git to its end; rejects with GitProblem where it is absent or answers beyond all bounds. */
export function runGit(folder: string, args: readonly string[]): Promise<GitAnswer> {
  const { program, args: all, env, cwd } = gitCommand(folder, args);
  return new Promise((resolve, reject) => {
    const child = spawn(program, all, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: false, windowsHide: true });
    const out: Buffer[] = [];
    let length = 0;
    let complaint = '';
    child.on('error', (error) => reject(new GitProblem(absentReason(error))));
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk);
      length += chunk.length;
      if (length <= mostBytes) return;
      child.kill('SIGKILL');
      reject(new GitProblem(`git ${args[0] ?? ''} answered with more than ${mostBytes / 1024 / 1024} MiB`));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 4_000) complaint += chunk.toString('utf8');
    });
    child.on('close', (code) => resolve({ code, out: Buffer.concat(out), complaint: firstLine(complaint) }));
  });
}

/** As `runGit`; a failure of git is a problem too. */
export async function gitOutput(folder: string, args: readonly string[]): Promise<Buffer> {
  const { code, out, complaint } = await runGit(folder, args);
  if (code !== 0) throw new GitProblem(complaint === '' ? `git ${args[0] ?? ''} failed` : complaint);
  return out;
}

function absentReason(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ENOENT' ? 'git was not found: refs are read with the git of this machine; install it, or compare two folders' : `git could not be started: ${error.message}`;
}

function firstLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '').replace(/^fatal: /, '').trim();
}
