/** A kernel release as far as behaviour is told apart: major and minor, e.g. 6.12. */
export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
}

export function kernelVersion(major: number, minor: number): KernelVersion {
  return { major, minor };
}

/** Reads `6.12`, `v6.12` or `6.12.117-rc1`; undefined for anything else. */
export function parseKernelVersion(text: string): KernelVersion | undefined {
  const match = /^v?(\d{1,3})\.(\d{1,3})(?:[.\-+].*)?$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

export function compareKernelVersions(a: KernelVersion, b: KernelVersion): number {
  return a.major - b.major || a.minor - b.minor;
}

export function atLeast(version: KernelVersion, other: KernelVersion): boolean {
  return compareKernelVersions(version, other) >= 0;
}

export function formatKernelVersion(version: KernelVersion): string {
  return `${version.major}.${version.minor}`;
}
