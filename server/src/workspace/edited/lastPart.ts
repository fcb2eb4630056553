/** A file's name without its folder. */
export function lastPart(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
