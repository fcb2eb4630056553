import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { emptyProfile } from '../profile/profile';
import { readProfile, type ReadProfile } from '../profile/readProfile';
import type { ShapeProblem } from '../util/shape';
import { valueAt } from '../util/located';
import { lineStarts, positionAt } from '../util/text';

/** Name of the file in which a project keeps its machines, its workload and its decisions. */
export const profileName = 'percpu.toml';

/** Bytes that are read of one: more is refused by its reader, which says so. */
const mostBytes = 16 * 1024 * 1024;

/** The `percpu.toml` that holds for a folder or file: the nearest one from it up to the root, else the root's; null where there is none. */
export function profileFileOf(folder: string, root: string): string | null {
  const start = path.resolve(folder);
  for (let at = start; isWithin(at, root); at = path.dirname(at)) {
    if (isFile(path.join(at, profileName))) return path.join(at, profileName);
    if (path.dirname(at) === at) break;
  }
  return [start, path.resolve(root)].map((at) => path.join(at, profileName)).find(isFile) ?? null;
}

function isWithin(at: string, root: string): boolean {
  const relative = path.relative(root, at);
  return relative === '' || !(relative.startsWith('..') || path.isAbsolute(relative));
}

/** A path below a file is none, and says so by throwing. */
function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Reads one from disk, or its `text` as edited; no file reads as the empty profile. */
export function readProfileFile(file: string | null, text?: string): ReadProfile {
  if (file === null) return { profile: emptyProfile, problems: [], text: '', tree: null };
  if (text !== undefined) return readProfile(text, file);
  try {
    return readProfile(readFileSync(file).subarray(0, mostBytes).toString('utf8'), file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { profile: { ...emptyProfile, file }, problems: [{ message: `cannot be read: ${why}`, span: { start: 0, end: 0 }, path: [] }], text: '', tree: null };
  }
}

/** `percpu.toml:12: …`, for a person at a terminal or in a log. */
export function problemLine({ profile, text }: ReadProfile, { message, span }: ShapeProblem): string {
  return `${path.basename(profile.file ?? profileName)}:${positionAt(lineStarts(text), span.start).line + 1}: ${message}`;
}

/** Files that a profile names and that are not there. */
export function missingFiles(read: ReadProfile): ShapeProblem[] {
  const config = profileKconfig(read.profile);
  const written = read.tree === null ? undefined : valueAt(read.tree, ['kernel', 'config']);
  if (config === null || written === undefined || isFile(config)) return [];
  return [{ message: `there is no file ${read.profile.kernel.config ?? ''} from the folder of this percpu.toml`, span: written.span, path: ['kernel', 'config'] }];
}

/** The kernel configuration that a profile names, as an absolute path; null where it names none. */
export function profileKconfig({ file, kernel }: ReadProfile['profile']): string | null {
  return file === null || kernel.config === null ? null : path.resolve(path.dirname(file), kernel.config);
}
