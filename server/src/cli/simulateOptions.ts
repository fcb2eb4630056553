import { parseArgs } from 'node:util';
import type { SimulationRequest, SiteLoad } from '../protocol/simulation';
import { UsageError } from './io';

export const simulateFormats = ['json', 'text', 'csv'] as const;
export type SimulateFormat = (typeof simulateFormats)[number];

export type SimulateTask = 'sweep' | 'sensitivity' | 'break-even';

export interface SimulateOptions {
  readonly request: SimulationRequest;
  readonly format: SimulateFormat;
  readonly task: SimulateTask;
}

export const simulateUsage = `simulate SCENARIO[,SCENARIO=SHARE…] [--cpus 1,16,64] [--strategies baseline,grouping+ctor-dtor] [--seed N]
    [--machine NAME] [--kernel X.Y] [--format json|text|csv] [--replications N] [--no-band] [--duration TIME] [--set ASSUMPTION=VALUE]…
    [--sensitivity | --break-even]
    for the scenario site: --object KIND | --bytes N, [--rate PER_SECOND] [--lifetime TIME] [--concurrency CPUS]
    a TIME is written 300us, 5ms or 2s`;

const optionTable = {
  cpus: { type: 'string' },
  strategies: { type: 'string' },
  seed: { type: 'string' },
  machine: { type: 'string' },
  kernel: { type: 'string' },
  format: { type: 'string' },
  replications: { type: 'string' },
  'no-band': { type: 'boolean' },
  duration: { type: 'string' },
  set: { type: 'string', multiple: true },
  sensitivity: { type: 'boolean' },
  'break-even': { type: 'boolean' },
  object: { type: 'string' },
  bytes: { type: 'string' },
  rate: { type: 'string' },
  lifetime: { type: 'string' },
  concurrency: { type: 'string' },
} as const;

const nanoseconds: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

/** Reads the arguments of `simulate`; throws UsageError with one line on anything that cannot be meant. */
export function readSimulateOptions(args: readonly string[]): SimulateOptions {
  const { values, positionals } = parsed(args);
  const [scenario, ...more] = positionals;
  if (scenario === undefined) throw new UsageError('no scenario given: simulate SCENARIO, e.g. simulate fork-exec');
  if (more.length > 0) throw new UsageError(`${more.join(' ')}: one scenario is asked for; several beside each other are written a=3,b=1`);
  const site = siteLoad(values);
  const assumptions = assumed(values.set ?? []);
  const duration = time('--duration', values.duration);
  return {
    request: {
      scenario,
      ...mixOf(scenario),
      kernel: values.kernel ?? '6.12',
      machine: values.machine ?? 'server-256',
      cpus: list('--cpus', values.cpus ?? '1,8,64,256').map((text) => number('--cpus', text)),
      strategies: list('--strategies', values.strategies ?? 'baseline'),
      seed: number('--seed', values.seed ?? '1'),
      ...(values.replications === undefined ? {} : { replications: number('--replications', values.replications) }),
      ...(values['no-band'] === true ? { band: false } : {}),
      ...(duration === null ? {} : { duration_ms: duration / 1e6 }),
      ...(assumptions === null ? {} : { assumptions }),
      ...(site === null ? {} : { site }),
    },
    format: format(values.format),
    task: task(values.sensitivity === true, values['break-even'] === true),
  };
}

type Values = ReturnType<typeof parsed>['values'];

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: withNegatives(args), options: optionTable, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** `--rate -5` means `--rate=-5`: a number below 0 is to be refused with its reason, not taken for an option. */
function withNegatives(args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const last = joined.at(-1);
    if (/^-\d/.test(arg) && last?.startsWith('--') === true && !last.includes('=')) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
    return joined;
  }, []);
}

/** `fork-exec=3,netns=1`; nothing for a single name. */
function mixOf(text: string): { mix?: { scenario: string; share: number }[] } {
  if (!/[,=]/.test(text)) return {};
  const mix = list('scenario', text).map((part) => {
    const [scenario = '', share] = part.split('=');
    return { scenario, share: share === undefined ? 1 : number(`share of ${scenario}`, share) };
  });
  return { mix };
}

function siteLoad(values: Values): SiteLoad | null {
  const { object, bytes, rate, lifetime, concurrency } = values;
  if ([object, bytes, rate, lifetime, concurrency].every((value) => value === undefined)) return null;
  return {
    rate_per_s: rate === undefined ? null : number('--rate', rate),
    lifetime_ns: time('--lifetime', lifetime),
    concurrency: concurrency === undefined ? null : number('--concurrency', concurrency),
    ...(object === undefined ? {} : { object }),
    ...(bytes === undefined ? {} : { bytes: number('--bytes', bytes) }),
  };
}

function assumed(items: readonly string[]): Record<string, number> | null {
  if (items.length === 0) return null;
  return Object.fromEntries(items.map((item) => {
    const [id = '', value] = item.split('=');
    if (value === undefined) throw new UsageError(`--set ${item}: write it like user-time=20us or threads=2`);
    return [id, /[a-z]$/.test(value) ? (time(`--set ${id}`, value) ?? 0) : number(`--set ${id}`, value)];
  }));
}

function task(sensitivity: boolean, breakEven: boolean): SimulateTask {
  if (sensitivity && breakEven) throw new UsageError('--sensitivity and --break-even: ask for one of them');
  if (sensitivity) return 'sensitivity';
  return breakEven ? 'break-even' : 'sweep';
}

function format(text: string | undefined): SimulateFormat {
  const known = simulateFormats.find((name) => name === (text ?? 'text'));
  if (known === undefined) throw new UsageError(`--format ${text ?? ''}: this command knows ${simulateFormats.join(', ')}`);
  return known;
}

function list(option: string, text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw new UsageError(`${option} ${text}: an entry of the list is empty`);
  return items;
}

function number(option: string, text: string): number {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) throw new UsageError(`${option} ${shown(text)}: not a number`);
  return Number(trimmed);
}

function time(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^([+-]?[\d.]+(?:e[+-]?\d+)?)(ns|us|µs|ms|s)$/i.exec(text.trim());
  const unit = nanoseconds[(match?.[2] ?? '').toLowerCase().replace('µ', 'u')];
  if (match === null || unit === undefined) throw new UsageError(`${option} ${shown(text)}: write it like 300us, 5ms or 2s`);
  return number(option, match[1] ?? '') * unit;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
