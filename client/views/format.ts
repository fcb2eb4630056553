import type { WireInterval, WireUnit } from '../../server/src/protocol/report';
import { t } from './l10n';

const thousands = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

export function count(value: number): string {
  return thousands.format(value);
}

/** `1 file`, `2 files`: the number in the words for one or for any other, both looked up. */
function counted(value: number, one: string, others: string): string {
  return (value === 1 ? one : others).replace('{0}', count(value));
}

export function sites(value: number): string {
  return counted(value, t('{0} site'), t('{0} sites'));
}

export function files(value: number): string {
  return counted(value, t('{0} file'), t('{0} files'));
}

/** How many figures are unknown, as a sentence. */
export function unknownFigures(value: number): string {
  return counted(value, t('{0} figure is unknown'), t('{0} figures are unknown'));
}

/** Below this a size that is no whole number of KiB is written out. */
const writtenOut = 10 * 1024;

/** `48 B`, `1,056 B`, `4 KiB`, `1.5 MiB`: whole units and small sizes are exact; a decimal, also `.0`, says that it is rounded. */
export function bytes(value: number): string {
  const size = Math.abs(value);
  if (size < 1024 || (size < writtenOut && size % 1024 !== 0)) return `${count(value)} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.min(Math.floor(Math.log2(size) / 10), units.length) - 1;
  const scaled = value / 1024 ** (unit + 1);
  return `${Number.isInteger(scaled) ? count(scaled) : scaled.toFixed(1)} ${units[unit] ?? ''}`;
}

const timeUnits = [
  { name: 'ns', size: 1 },
  { name: 'µs', size: 1e3 },
  { name: 'ms', size: 1e6 },
  { name: 's', size: 1e9 },
] as const;

/** Two significant digits: no time here has more. */
function twoDigits(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(2));
  return rounded >= 1000 ? thousands.format(rounded) : String(rounded);
}

function unitFor(nanoseconds: number): (typeof timeUnits)[number] {
  return [...timeUnits].reverse().find((unit) => nanoseconds >= unit.size) ?? timeUnits[0];
}

/** `2.1–9.4 µs`; one number where the bounds round to the same. */
export function duration(interval: WireInterval): string {
  const unit = unitFor(interval.high);
  return range(twoDigits(interval.low / unit.size), twoDigits(interval.high / unit.size), ` ${unit.name}`);
}

function range(low: string, high: string, suffix: string): string {
  return low === high ? `${low}${suffix}` : `${low}–${high}${suffix}`;
}

/** `9–14 CPUs`: a knee, from one digit up. */
export function cpus(interval: WireInterval): string {
  const [low, high] = [interval.low, interval.high].map((value) => thousands.format(Math.max(1, Math.round(value))));
  return range(low ?? '', high ?? '', high === '1' ? ' CPU' : ' CPUs');
}

export function share(value: number): string {
  return `${String(Math.round(value * 100))} %`;
}

/** `+300 %`, `−12 %`: a change as a share of what there was. */
export function signedShare(value: number): string {
  const percent = Math.abs(value * 100);
  const text = percent >= 10 ? thousands.format(Math.round(percent)) : twoDigits(percent);
  return `${value < 0 ? '−' : '+'}${text} %`;
}

export function rate(perSecond: number): string {
  if (perSecond >= 1e6) return `${twoDigits(perSecond / 1e6)} M/s`;
  if (perSecond >= 1e3) return `${twoDigits(perSecond / 1e3)} k/s`;
  return `${twoDigits(perSecond)} /s`;
}

/** A value of a reason tree in its unit. */
export function quantity(value: WireInterval, unit: WireUnit): string {
  switch (unit) {
    case 'ns':
      return duration(value);
    case 'bytes':
      return range(bytes(value.low), bytes(value.high), '');
    case 'CPUs':
      return cpus(value);
    case '1/s':
      return range(rate(value.low), rate(value.high), '');
    case 'ratio':
      return range(twoDigits(value.low), twoDigits(value.high), '');
    case 'count':
      return range(thousands.format(value.low), thousands.format(value.high), '');
    case 'pages':
      return range(twoDigits(value.low), twoDigits(value.high), ' pages');
  }
}

const triggerWords: Readonly<Record<string, string>> = {
  'fork-exec': t('every fork and exec'),
  thread: t('every thread'),
  socket: t('every socket'),
  route: t('every route'),
  tc: t('every tc filter'),
  netns: t('every netns'),
  cgroup: t('every cgroup'),
  mount: t('every mount'),
  'bpf-prog': t('every BPF program'),
  'bpf-map': t('every BPF map'),
  netdev: t('every netdev'),
  disk: t('every disk'),
  'user-request': t('on user request'),
  'cpu-hotplug': t('CPU hotplug'),
  'device-probe': t('every device probed'),
  'module-load': t('module load'),
  boot: t('boot'),
  unknown: t('trigger unknown'),
};

/** A frequency class in words; an unlisted one as it is. */
export function trigger(frequencyClass: string): string {
  return triggerWords[frequencyClass] ?? frequencyClass;
}
