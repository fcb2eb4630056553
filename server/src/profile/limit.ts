import { frequencyClasses, type FrequencyClass } from '../resolve/resolvedSite';
import { type Made, mapped, type Shape, text } from '../util/shape';

/** How much a change may add before `diff --fail-on` fails. */
export interface Limit {
  /** Of one class, or of all together. */
  readonly of: FrequencyClass | 'total';
  /** Bytes at the possible CPUs of the machine in force, ns of create and destroy together, or sites. */
  readonly measure: 'bytes' | 'ns' | 'sites';
  readonly most: number;
  /** As it was written: `+1 KiB`. */
  readonly text: string;
}

export const limitSubjects = [...frequencyClasses, 'total'] as const;

const units: Readonly<Record<string, readonly [Limit['measure'], number]>> = {
  B: ['bytes', 1], KiB: ['bytes', 1024], MiB: ['bytes', 1024 ** 2], GiB: ['bytes', 1024 ** 3],
  ns: ['ns', 1], us: ['ns', 1e3], µs: ['ns', 1e3], ms: ['ns', 1e6],
  site: ['sites', 1], sites: ['sites', 1],
};

/** Reads `+1 KiB`, `+500 ns`, `+0 sites`; the sign may be left out. */
export function parseLimitAmount(written: string): Made<Pick<Limit, 'measure' | 'most' | 'text'>> {
  const match = /^\s*\+?\s*(\d{1,12}(?:\.\d{1,6})?)\s*(B|KiB|MiB|GiB|ns|us|µs|ms|sites?)\s*$/.exec(written);
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined) return { fault: `"${written.slice(0, 40)}" is no limit: write it like "+1 KiB", "+500 ns" or "+0 sites"` };
  return { value: { measure: unit[0], most: Number(match[1]) * unit[1], text: written.trim() } };
}

/** Reads `fork-exec: +1 KiB`, as `--fail-on` takes it. */
export function parseLimit(written: string): Made<Limit> {
  const [subject = '', amount = ''] = written.split(/:(.*)/s);
  const of = limitSubjects.find((one) => one === subject.trim());
  if (of === undefined) return { fault: `"${subject.trim().slice(0, 40)}" is no frequency class; there are ${limitSubjects.join(', ')}` };
  const read = parseLimitAmount(amount);
  return 'fault' in read ? read : { value: { of, ...read.value } };
}

export const limitAmountShape: Shape<Pick<Limit, 'measure' | 'most' | 'text'>> = mapped(text(), parseLimitAmount);
