import path from 'node:path';
import { gitOutput, GitProblem, runGit } from './gitProgram';

/** A folder within a repository. */
export interface GitRepository {
  /** Where git is run. */
  readonly folder: string;
  /** From the top of the repository to the folder, with `/` at its end; empty at the top. */
  readonly prefix: string;
  /** The top of the work tree; null where there is none. */
  readonly top: string | null;
}

/** A tree that a ref names. */
export interface GitTree {
  readonly repository: GitRepository;
  /** As asked for. */
  readonly ref: string;
  /** Object id of the tree, of the folder within it. */
  readonly id: string;
}

/** The repository that a folder lies in; throws GitProblem where it lies in none. */
export async function openRepository(folder: string): Promise<GitRepository> {
  const { code, out, complaint } = await runGit(folder, ['rev-parse', '--is-bare-repository', '--show-prefix', '--show-cdup']);
  if (code !== 0) {
    const reason = complaint.includes('not a git repository') ? 'not in a git repository; two folders can be compared without one' : complaint;
    throw new GitProblem(`${folder}: ${reason}`);
  }
  const [bare = '', prefix = '', up = ''] = out.toString('utf8').split('\n');
  return bare === 'true' ? { folder, top: null, prefix: '' } : { folder, top: path.resolve(folder, up), prefix };
}

/** The tree of a branch, tag, stash or commit; throws GitProblem where there is none, and says so of a shallow clone. */
export async function treeOfRef(repository: GitRepository, ref: string): Promise<GitTree> {
  const { folder, prefix } = repository;
  const commit = await objectId(folder, `${ref}^{tree}`);
  if (commit === null) throw new GitProblem(`${ref}: ${await whyUnknown(folder)}`);
  if (prefix === '') return { repository, ref, id: commit };
  const id = await objectId(folder, `${commit}:${prefix.replace(/\/$/, '')}`);
  if (id === null) throw new GitProblem(`${ref}: there is no ${prefix} in it`);
  return { repository, ref, id };
}

/** Null where there is no such object; what looks like an option is no name. */
async function objectId(folder: string, name: string): Promise<string | null> {
  if (name.startsWith('-')) return null;
  const { code, out } = await runGit(folder, ['rev-parse', '--verify', '--quiet', name]);
  return code === 0 ? out.toString('utf8').trim() : null;
}

async function whyUnknown(folder: string): Promise<string> {
  const shallow = await gitOutput(folder, ['rev-parse', '--is-shallow-repository']);
  const names = `no such commit, branch or tag in ${folder}`;
  return shallow.toString('utf8').trim() === 'true' ? `${names}; the clone is shallow: fetch it first (git fetch --unshallow)` : names;
}

/** Object ids of the regular files of a tree by their paths. */
export async function blobsOfTree({ repository, id }: GitTree): Promise<ReadonlyMap<string, string>> {
  const listing = await gitOutput(repository.folder, ['ls-tree', '-r', '-z', '--full-tree', id]);
  const blobs = new Map<string, string>();
  for (const entry of listing.toString('utf8').split('\0')) {
    // `100644 blob <id>\t<path>`; links and submodules hold no text of the tree's own.
    const tab = entry.indexOf('\t');
    if (!entry.startsWith('100') || tab === -1) continue;
    blobs.set(entry.slice(tab + 1), entry.slice(entry.lastIndexOf(' ', tab) + 1, tab));
  }
  return blobs;
}

/** What differs in the regular files of one tree from those of another: object ids by path, null for what is gone. */
export async function blobsChanged(from: GitTree, to: GitTree): Promise<ReadonlyMap<string, string | null>> {
  const listing = await gitOutput(to.repository.folder, ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-ext-diff', '--ignore-submodules=all', from.id, to.id]);
  const changed = new Map<string, string | null>();
  const fields = listing.toString('utf8').split('\0');
  // `:100644 100644 <id> <id> M`, then the path.
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , id = ''] = (fields[at] ?? '').split(' ');
    changed.set(fields[at + 1] ?? '', mode.startsWith('100') ? id : null);
  }
  return changed;
}

/** The commit where two lines of development parted. */
export async function mergeBase({ folder }: GitRepository, one: string, other: string): Promise<string> {
  for (const ref of [one, other]) if ((await objectId(folder, `${ref}^{commit}`)) === null) throw new GitProblem(`${ref}: ${await whyUnknown(folder)}`);
  const { code, out } = await runGit(folder, ['merge-base', one, other]);
  if (code !== 0) throw new GitProblem(`${one}...${other}: the two have no common commit here`);
  return out.toString('utf8').trim();
}

export interface NamedRef {
  readonly ref: string;
  readonly kind: 'branch' | 'tag' | 'stash';
  readonly subject: string;
}

/** Of each kind this many, the latest first. */
const mostRefs = 500;

/** Branches, tags and stashes, the latest first. */
export async function namedRefs({ folder }: GitRepository): Promise<readonly NamedRef[]> {
  const listed = async (kind: NamedRef['kind'], pattern: string): Promise<readonly NamedRef[]> => {
    const out = await gitOutput(folder, ['for-each-ref', `--count=${mostRefs}`, '--sort=-creatordate', '--format=%(refname:short)%00%(subject)', pattern]);
    return refLines(out, kind);
  };
  const [branches, remotes, tags] = await Promise.all([listed('branch', 'refs/heads'), listed('branch', 'refs/remotes'), listed('tag', 'refs/tags')]);
  const stashes = await runGit(folder, ['reflog', 'show', `--max-count=${mostRefs}`, '--format=%gd%x00%gs', 'refs/stash', '--']);
  return [...branches, ...(stashes.code === 0 ? refLines(stashes.out, 'stash') : []), ...tags, ...remotes];
}

function refLines(out: Buffer, kind: NamedRef['kind']): readonly NamedRef[] {
  return out.toString('utf8').split('\n').flatMap((line) => {
    const [ref = '', subject = ''] = line.split('\0');
    return ref === '' ? [] : [{ ref: kind === 'stash' ? ref.replace(/^refs\//, '') : ref, kind, subject }];
  });
}
