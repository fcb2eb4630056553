import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Profile } from '../profile/profile';
import type { ReadProfile } from '../profile/readProfile';
import { profileFileOf, readProfileFile } from './profileFile';

/** The `percpu.toml`s of a workspace, as edited where one is open in the editor. */
export interface ProfileSource {
  /** The one that holds for a folder of a tree. */
  of(folder: string, root: string): ReadProfile;
  /** One by its path, as edited. */
  read(file: string): ReadProfile;
  /** Its whole text as edited, also where it is refused as a profile; empty where there is no file. */
  textOf(file: string): string;
  edit(file: string, text: string): void;
  close(file: string): void;
}

export function createProfileSource(): ProfileSource {
  const open = new Map<string, string>();
  const read = (file: string | null): ReadProfile => readProfileFile(file, file === null ? undefined : open.get(file));
  return {
    of: (folder, root) => read(profileFileOf(folder, root)),
    read,
    textOf: (file) => open.get(file) ?? textOnDisk(file),
    edit: (file, text) => void open.set(file, text),
    close: (file) => void open.delete(file),
  };
}

function textOnDisk(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What a change of a profile asks for. */
export type ProfileChange = 'none' | 'evaluate' | 'analyse';

/** Facts and sizes follow from the APIs, the configuration and the architecture; all else is priced and shown from them. */
export function profileChange(before: Profile, after: Profile): ProfileChange {
  if (isDeepStrictEqual(before, after)) return 'none';
  const analysed = ({ file, apis, kernel: { config, arch } }: Profile): unknown => ({ folder: config === null ? null : file, apis, config, arch });
  return isDeepStrictEqual(analysed(before), analysed(after)) ? 'evaluate' : 'analyse';
}
