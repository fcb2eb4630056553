import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { blobId } from '../../server/src/workspace/blobId';
import { cacheFolderAt, userCacheFolder, type CacheFolder } from '../../server/src/workspace/cacheFolder';
import { openContentStore } from '../../server/src/workspace/contentStore';
import { openFactsCache } from '../../server/src/workspace/factsCache';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-cache-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function folder(version = 'one'): CacheFolder {
  const made = cacheFolderAt(base, version);
  if (made === null) throw new Error('no cache folder');
  return made;
}

function packs(): string[] {
  return readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pack')).map((name) => path.join(base, name));
}

function keep(entries: Readonly<Record<string, string | null>>, space = 'space'): void {
  const store = openContentStore(folder(), space);
  for (const [content, result] of Object.entries(entries)) store.put(content, result);
  store.save();
  store.close();
}

function kept(content: string, space = 'space'): string | null | undefined {
  const store = openContentStore(folder(), space);
  const result = store.get(content);
  store.close();
  return result;
}

describe('the name of a content', () => {
  it('is the one that git gives', () => {
    for (const text of ['', 'int x;\n', 'ä\r\n']) {
      const named = execFileSync('git', ['hash-object', '--stdin'], { input: text, encoding: 'utf8' }).trim();
      expect(blobId(Buffer.from(text, 'utf8'))).toBe(named);
    }
  });
});

describe('kept results', () => {
  it('are those that were put, in whatever order and number of saves', () => {
    const results = fc.dictionary(fc.string({ unit: fc.constantFrom('0', '7', 'a', 'f'), minLength: 1 }), fc.option(fc.string({ unit: 'grapheme' })));
    fc.assert(
      fc.property(fc.array(results, { maxLength: 12 }), (saves) => {
        const expected = new Map<string, string | null>();
        for (const save of saves) {
          keep(save);
          for (const [content, result] of Object.entries(save)) if (!expected.has(content)) expected.set(content, result);
        }
        for (const [content, result] of expected) expect(kept(content)).toEqual(result);
        expect(kept('never put')).toBeUndefined();
        rmSync(base, { recursive: true, force: true });
      }),
      { numRuns: 25 },
    );
  });

  it('are known at once to who put them, and to nobody where they were not saved', () => {
    const store = openContentStore(folder(), 'space');
    store.put('a', 'text');
    expect(store.get('a')).toBe('text');
    store.close();
    expect(kept('a')).toBeUndefined();
    expect(readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('pack'))).toEqual([]);
  });

  it('of two processes at the same time are all kept', () => {
    const one = openContentStore(folder(), 'space');
    const other = openContentStore(folder(), 'space');
    one.put('a', 'of one');
    other.put('b', 'of the other');
    one.save();
    other.save();
    expect([kept('a'), kept('b')]).toEqual(['of one', 'of the other']);
  });

  it('are merged when there are many, and read on by who has them open', () => {
    keep({ first: 'text' });
    const reader = openContentStore(folder(), 'space');
    for (let save = 0; save < 20; save++) keep({ [`c${save}`]: `result ${save}` });
    expect(packs().length).toBeLessThan(8);
    for (let save = 0; save < 20; save++) expect(kept(`c${save}`)).toBe(`result ${save}`);
    expect(reader.get('first')).toBe('text');
    reader.close();
    const busy = openContentStore(folder(), 'space');
    for (let save = 20; save < 40; save++) {
      busy.put(`d${save}`, 'text');
      busy.save();
    }
    expect(packs().length).toBeLessThan(8);
    expect(busy.get('c3')).toBe('result 3');
    busy.close();
  });

  it('are apart by version and by what they depend on', () => {
    keep({ a: 'text' });
    expect(kept('a', 'other space')).toBeUndefined();
    expect(openContentStore(folder('two'), 'space').get('a')).toBeUndefined();
  });

  it('are not known where their file was cut off or changed at any byte', () => {
    keep({ a: 'text of a', b: 'text of b' });
    const [file] = packs();
    if (file === undefined) throw new Error('nothing was kept');
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(file, damaged);
      for (const [content, text] of [['a', 'text of a'], ['b', 'text of b']] as const) expect([text, undefined]).toContain(kept(content));
      writeFileSync(file, whole);
      truncateSync(file, at);
      expect(kept('a')).toBeUndefined();
    }
  });

  it('can be deleted at any time', () => {
    const store = openContentStore(folder(), 'space');
    store.put('a', 'text');
    rmSync(base, { recursive: true, force: true });
    store.save();
    store.close();
    expect(kept('a')).toBeUndefined();
  });
});

describe('the cache folder', () => {
  it('is that of the user, by the code that made the results', () => {
    const entry = path.join(base, 'worker.cjs');
    writeFileSync(entry, 'one');
    const environment = { XDG_CACHE_HOME: path.join(base, 'xdg') };
    const first = userCacheFolder(entry, environment);
    writeFileSync(entry, 'two');
    const second = userCacheFolder(entry, environment);
    expect(first?.directory.startsWith(path.join(base, 'xdg', 'percpu-lens'))).toBe(true);
    expect(second?.directory).not.toBe(first?.directory);
    expect(userCacheFolder(path.join(base, 'gone.cjs'), environment)).toBeNull();
  });

  it('is none where none can be made', () => {
    writeFileSync(path.join(base, 'file'), '');
    expect(cacheFolderAt(path.join(base, 'file'), 'one')).toBeNull();
  });
});

describe('kept facts', () => {
  it('equal fresh ones', () => {
    const catalogue = catalogueFor(null);
    const text = 'static int __init f(int n)\n{\n\tx->y = alloc_percpu(struct z);\n\treturn g(n);\n}\n';
    const facts = indexedFacts(fileFacts(text, catalogue));
    const cache = openFactsCache(folder(), 'analyse', catalogue);
    cache.put(blobId(Buffer.from(text)), facts);
    cache.put(blobId(Buffer.from('int x;')), null);
    cache.save();
    cache.close();
    const later = openFactsCache(folder(), 'analyse', catalogue);
    expect(later.get(blobId(Buffer.from(text)))).toEqual(facts);
    expect(later.get(blobId(Buffer.from('int x;')))).toBeNull();
    expect(later.get(blobId(Buffer.from('int y;')))).toBeUndefined();
    expect(openFactsCache(folder(), 'link', catalogue).has(blobId(Buffer.from(text)))).toBe(false);
    expect(openFactsCache(null, 'analyse', catalogue).has(blobId(Buffer.from(text)))).toBe(false);
  });
});
