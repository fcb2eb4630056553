import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { type Btf, readBtf } from '../../server/src/kernel/btf';

/**
 * The .BTF section that GCC 12 (`gcc -gbtf -c`, x86-64) makes of:
 *
 *   struct __attribute__((packed)) packed_pair { char first; int second; };
 *   union word { long whole; char bytes[3]; };
 *   enum small { ONE, TWO = 5 };
 *   enum wide { FAR = 1ULL << 40 };
 *   struct sample {
 *   	int flags : 3;
 *   	struct packed_pair pair;
 *   	union word *word;
 *   	const volatile struct sample *next;
 *   	enum small small;
 *   	enum wide wide;
 *   	int table[4][2];
 *   	double ratio;
 *   };
 *   typedef struct sample sample_t;
 *   sample_t instance;
 *   enum small small;
 *   double ratio;
 *   int twice(int x) { return 2 * x; }
 */
const recorded = Buffer.from([
  'n+sBABgAAAAAAAAAPAIAADwCAADmAAAAAQAAAAIAAAQFAAAAEgAAAAIAAAAAAAAAHAAAAAMAAAAIAAAADQAAAAAAAAEBAAAACAAAAxgAAAAAAAABBAAA',
  'ACAAAAEjAAAAAgAABQgAAAAxAAAABQAAAAAAAABJAAAABwAAAAAAAAAoAAAAAAAAAQgAAABAAAABNwAAAAAAAAEIAAAAQAAAAAAAAAAAAAADAAAAAAIA',
  'AAAGAAAAAwAAAE8AAAACAAAGBAAAAFUAAAAAAAAAWQAAAAUAAABdAAAAAAAAAQQAAAAgAAAAagAAAAAAAAYIAAAAbwAAAAgAAIRQAAAAdgAAAAMAAAAA',
  'AAADfAAAAAEAAAAIAAAAgQAAAAwAAABAAAAAhgAAAA8AAACAAAAAiwAAAAgAAADAAAAAkQAAAAoAAAAAAQAAlgAAABEAAABAAQAAowAAABIAAABAAgAA',
  'AAAAAAAAAAIEAAAAAAAAAAAAAAoLAAAAAAAAAAAAAAkNAAAAAAAAAAAAAAIOAAAAAAAAAAAAAAMAAAAAAwAAAAYAAAAEAAAAAAAAAAAAAAMAAAAAEAAA',
  'AAYAAAACAAAAnAAAAAAAABAIAAAAqQAAAAAAAAgLAAAAAAAAAAEAAA0DAAAA3wAAAAMAAAC7AAAAAAAADggAAAABAAAAwQAAAAAAAA4SAAAAAQAAALIA',
  'AAAAAAAOEwAAAAEAAADHAAAAAAAADBQAAADhAAAAAwAADwAAAAAWAAAAAAAAAAgAAAAVAAAAAAAAAAQAAAAXAAAAAAAAAFAAAAAAcGFja2VkX3BhaXIA',
  'Y2hhcgBmaXJzdABpbnQAc2Vjb25kAHdvcmQAbG9uZyBpbnQAd2hvbGUAbG9uZyB1bnNpZ25lZCBpbnQAYnl0ZXMAc21hbGwAT05FAFRXTwB1bnNpZ25l',
  'ZCBpbnQAd2lkZQBzYW1wbGUAZmxhZ3MAcGFpcgB3b3JkAG5leHQAc21hbGwAd2lkZQB0YWJsZQBkb3VibGUAcmF0aW8Ac2FtcGxlX3QAaW5zdGFuY2UA',
  'c21hbGwAcmF0aW8AdHdpY2UAL3RtcC93L2ZpeHR1cmUuYwAAeAAuYnNzAA==',
].join(''), 'base64');

function read(bytes: Uint8Array): Btf {
  const btf = readBtf(bytes);
  if ('problem' in btf) throw new Error(btf.problem);
  return btf;
}

/** A 64-bit little-endian ELF file with nothing but the section and the table of names. */
function elfWith(section: Uint8Array, name: string): Buffer {
  const names = Buffer.from(`\0${name}\0.shstrtab\0`, 'latin1');
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeBigUInt64LE(BigInt(64 + section.length + names.length), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(3, 0x3c);
  header.writeUInt16LE(2, 0x3e);
  const entry = (nameOffset: number, offset: number, size: number): Buffer => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32LE(nameOffset, 0);
    bytes.writeBigUInt64LE(BigInt(offset), 0x18);
    bytes.writeBigUInt64LE(BigInt(size), 0x20);
    return bytes;
  };
  const table = [entry(0, 0, 0), entry(1, 64, section.length), entry(2 + name.length, 64 + section.length, names.length)];
  return Buffer.concat([header, section, names, ...table]);
}

describe('BTF', () => {
  it('has the sizes of named types', () => {
    const btf = read(recorded);
    expect(btf.find('struct', 'sample')).toEqual([{ size: 80, align: 8 }]);
    expect(btf.find('struct', 'packed_pair')).toEqual([{ size: 5, align: 1 }]);
    expect(btf.find('union', 'word')).toEqual([{ size: 8, align: 8 }]);
    expect(btf.find('enum', 'wide')).toEqual([{ size: 8, align: 8 }]);
    expect(btf.find('enum', 'small')).toEqual([{ size: 4, align: 4 }]);
    expect(btf.find('typedef', 'sample_t')).toEqual([{ size: 80, align: 8 }]);
    expect(btf.find('scalar', 'double')).toEqual([{ size: 8, align: 8 }]);
    expect(btf.find('struct', 'absent')).toEqual([]);
  });

  it('is found in an ELF file', () => {
    expect(read(elfWith(recorded, '.BTF')).find('struct', 'sample')).toEqual([{ size: 80, align: 8 }]);
  });

  it('says what is wrong with what is no BTF', () => {
    expect(readBtf(Buffer.alloc(0))).toEqual({ problem: 'the file is too short for BTF or ELF' });
    expect(readBtf(Buffer.from('# a text file, and one that is long enough'))).toEqual({ problem: 'no BTF: the magic number is missing' });
    expect(readBtf(elfWith(recorded, '.text'))).toHaveProperty('problem', expect.stringContaining('CONFIG_DEBUG_INFO_BTF'));
  });

  it('never throws on damaged data', () => {
    for (let length = 24; length < recorded.length; length += 7) {
      const btf = readBtf(recorded.subarray(0, length));
      if (!('problem' in btf)) expect(btf.find('struct', 'sample').length).toBeLessThanOrEqual(1);
    }
    for (let at = 0; at < recorded.length; at += 1) {
      const damaged = Buffer.from(recorded);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const btf = readBtf(damaged);
      if ('problem' in btf) expect(btf.problem).not.toBe('');
      else for (const name of ['sample', 'packed_pair']) btf.find('struct', name);
    }
  });
});
