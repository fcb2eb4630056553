/** The bytes of a BTF blob. */
export interface BtfBytes {
  readonly bytes: Uint8Array;
}

const elfMagic = 0x7f454c46;

/** BTF itself, or the `.BTF` section of a 64-bit ELF file. */
export function btfBytes(file: Uint8Array): BtfBytes | { readonly problem: string } {
  if (file.byteLength < 24) return { problem: 'the file is too short for BTF or ELF' };
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0, false) !== elfMagic) return { bytes: file };
  try {
    return section(file, view);
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'the ELF file is cut short' };
    throw error;
  }
}

function section(file: Uint8Array, view: DataView): BtfBytes | { readonly problem: string } {
  if (view.getUint8(4) !== 2) return { problem: 'only 64-bit ELF files are read' };
  const littleEndian = view.getUint8(5) === 1;
  const long = (at: number): number => Number(view.getBigUint64(at, littleEndian));
  const table = long(0x28);
  const entrySize = view.getUint16(0x3a, littleEndian);
  const count = view.getUint16(0x3c, littleEndian);
  const header = (index: number): number => table + index * entrySize;
  const names = long(header(view.getUint16(0x3e, littleEndian)) + 0x18);
  for (let index = 0; index < count; index += 1) {
    const name = names + view.getUint32(header(index), littleEndian);
    if (textAt(file, name) !== '.BTF') continue;
    const start = long(header(index) + 0x18);
    const size = long(header(index) + 0x20);
    if (start + size > file.byteLength) return { problem: 'the .BTF section is cut short' };
    return { bytes: file.subarray(start, start + size) };
  }
  return { problem: 'the ELF file has no .BTF section: the kernel was built without CONFIG_DEBUG_INFO_BTF' };
}

function textAt(file: Uint8Array, at: number): string {
  const end = file.indexOf(0, at);
  return end === -1 ? '' : Buffer.from(file.buffer, file.byteOffset + at, end - at).toString('latin1');
}
