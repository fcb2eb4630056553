import { describe, expect, it } from 'vitest';
import { outlineOf, outlineWithWords } from '../../server/src/facts/outline';
import { abiOf } from '../../server/src/kernel/abi';
import { headersOf } from '../../server/src/resolve/preprocess/headers';
import { rememberedTexts } from '../../server/src/resolve/rememberedTexts';
import type { SourceTree } from '../../server/src/resolve/sourceTree';
import { Unresolved } from '../../server/src/resolve/unresolved';

function countingTree(files: Record<string, string>): SourceTree & { readonly reads: string[]; readonly files: Record<string, string> } {
  const reads: string[] = [];
  return {
    reads,
    files,
    read: (path) => {
      reads.push(path);
      return files[path];
    },
    list: () => Object.keys(files),
  };
}

describe('texts of a tree', () => {
  it('are kept up to a length, the ones read last', () => {
    const tree = countingTree({ a: 'a'.repeat(40), b: 'b'.repeat(40), c: 'c'.repeat(40) });
    const texts = rememberedTexts(tree, 100);
    for (const path of ['a', 'b', 'a', 'c', 'a', 'b']) expect(texts.read(path)).toBe(path.repeat(40));
    expect(tree.reads).toEqual(['a', 'b', 'c', 'b']);
  });

  it('are read anew once forgotten, and where they are too long to keep', () => {
    const tree = countingTree({ short: 'x', long: 'y'.repeat(200) });
    const texts = rememberedTexts(tree, 100);
    texts.read('short');
    texts.forget('short');
    expect([texts.read('short'), texts.read('long'), texts.read('long'), texts.read('none')]).toEqual(['x', 'y'.repeat(200), 'y'.repeat(200), undefined]);
    expect(tree.reads).toEqual(['short', 'short', 'long', 'long', 'none']);
  });
});

describe('a header whose text is read again', () => {
  it('is unknown where it is no longer what its outline was made of', () => {
    const tree = countingTree({ 'include/linux/a.h': 'struct a { int x; };\n' });
    const file = headersOf(tree, abiOf('x86_64'), () => undefined).file('include/linux/a.h');
    expect(file?.text).toBe('struct a { int x; };\n');
    tree.files['include/linux/a.h'] = '/* gone */\n';
    expect(() => file?.text).toThrow(Unresolved);
  });

  it('says which words it may declare', () => {
    const text = 'extern int nr_slots;\nstatic inline int slots_of(struct pool *pool)\n{\n\tint hidden = 1;\n\treturn hidden;\n}\nstruct pool { int member; };\n';
    const { items, mayDeclare } = outlineWithWords(text);
    expect(items).toEqual(outlineOf(text));
    expect(['nr_slots', 'slots_of', 'hidden', 'member', 'other'].map(mayDeclare)).toEqual([true, true, false, false, false]);
  });
});
