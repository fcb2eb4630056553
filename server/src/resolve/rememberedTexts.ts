import type { SourceTree } from './sourceTree';

/** Texts that are kept ready, in characters: what one translation unit after the other reads again and again. */
const mostCharacters = 12 * 1024 * 1024;

/** A tree whose texts read last are kept; how many is bounded by their length. */
export interface RememberedTexts extends SourceTree {
  forget(path: string): void;
}

/**
 * The headers of a kernel are hundreds of megabytes: of each is kept what it says, and its text is read again where a
 * definition in it is needed.
 */
export function rememberedTexts(tree: SourceTree, most = mostCharacters): RememberedTexts {
  const texts = new Map<string, string>();
  let characters = 0;
  const drop = (path: string, text: string): void => {
    texts.delete(path);
    characters -= text.length;
  };
  const keep = (path: string, text: string): void => {
    for (const [oldest, dropped] of texts) {
      if (characters + text.length <= most) break;
      drop(oldest, dropped);
    }
    if (text.length > most) return;
    texts.set(path, text);
    characters += text.length;
  };
  return {
    list: (folder, suffixes) => tree.list(folder, suffixes),
    read: (path) => {
      const known = texts.get(path);
      // Read last means dropped last.
      if (known !== undefined) drop(path, known);
      const text = known ?? tree.read(path);
      if (text !== undefined) keep(path, text);
      return text;
    },
    forget: (path) => {
      const known = texts.get(path);
      if (known !== undefined) drop(path, known);
    },
  };
}
