import type { Basis } from './basis';

/** Whether one of the files may define a type that the catalogue names: it could be found there. */
export function definesNamed(files: readonly string[], { named }: Pick<Basis, 'named'>, textOf: (file: string) => string | undefined): boolean {
  const definitions = named.map(({ type }) => new RegExp(`\\b${lastWord(type)}\\s*\\{`));
  return files.some((file) => {
    const text = textOf(file) ?? '';
    return definitions.some((definition) => definition.test(text));
  });
}

/** `mm_cid` of `struct mm_cid`. */
function lastWord(type: string): string {
  return /\w+$/.exec(type)?.[0] ?? type.replace(/\W/g, '\\W');
}
