/** A one-based column in UTF-8 bytes as a zero-based UTF-16 character of the line. */
export function characterAt(lineText: string, byteColumn: number): number {
  return Buffer.from(lineText, 'utf8').subarray(0, Math.max(0, byteColumn - 1)).toString('utf8').length;
}
