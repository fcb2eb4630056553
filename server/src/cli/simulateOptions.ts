import { parseArgs } from 'node:util';
import type { SimulationRequest, SiteLoad } from '../protocol/simulation';
import type { MachineProfile } from '../machine/profile';
import { UsageError } from './io';
import { scenarioIds } from '../scenario/catalogue';
import { formatKernelVersion } from '../kernel/version';
import type { UserScenario } from '../scenario/userScenario';
import { namedMachine, profiledKernel, profiledScenarios, projectProfile } from './projectProfile';
import { list, number, time } from './optionValues';

export const simulateFormats = ['json', 'text', 'csv', 'svg', 'html'] as const;
export type SimulateFormat = (typeof simulateFormats)[number];

export type SimulateTask = 'sweep' | 'sensitivity' | 'break-even' | 'timeline';

export interface SimulateOptions {
  readonly request: SimulationRequest;
  /** Machines that are named, built in or not. */
  readonly machines: readonly MachineProfile[];
  /** Those of the project's `percpu.toml`. */
  readonly userScenarios: readonly UserScenario[];
  readonly format: SimulateFormat;
  readonly task: SimulateTask;
  /** Simulated time that a timeline shows, ns. */
  readonly spanNs: number;
  /** `FILE:LINE` of the call that the scenario `site` is about; null where it is an object or an area. */
  readonly at: string | null;
  readonly root: string | null;
}

export const simulateUsage = `simulate SCENARIO[=SHARE][,SCENARIO[=SHARE]…] [--cpus 1,16,64] [--strategies baseline,grouping+ctor-dtor] [--seed N]
    [--machine NAME|FILE[,…]] [--kernel X.Y[,…]] [--format text|json|csv|svg|html] [--replications N] [--no-band] [--duration TIME]
    [--set ASSUMPTION=VALUE]… [--sensitivity | --break-even | --timeline [--span TIME]]
    for the scenario site: --at FILE:LINE [--root ROOT] | --object KIND | --bytes N, [--rate PER_SECOND] [--lifetime TIME] [--concurrency CPUS]
    [--profile FILE | --no-profile]
    several kernels or machines run side by side; a TIME is written 300us, 5ms or 2s
    scenarios: ${scenarioIds.join(', ')}`;

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
  timeline: { type: 'boolean' },
  span: { type: 'string' },
  at: { type: 'string' },
  root: { type: 'string' },
  profile: { type: 'string' },
  'no-profile': { type: 'boolean' },
  object: { type: 'string' },
  bytes: { type: 'string' },
  rate: { type: 'string' },
  lifetime: { type: 'string' },
  concurrency: { type: 'string' },
} as const;

/** Reads the arguments of `simulate`; throws UsageError with one line on anything that cannot be meant. */
export function readSimulateOptions(args: readonly string[]): SimulateOptions {
  const { values, positionals } = parsed(args);
  const [scenario, ...more] = positionals;
  if (scenario === undefined) throw new UsageError(`no scenario given: simulate SCENARIO; there are ${scenarioIds.join(', ')}`);
  if (more.length > 0) throw new UsageError(`${more.join(' ')}: one scenario is asked for; several beside each other are written a=3,b=1`);
  const project = projectProfile({ file: values.profile, none: values['no-profile'] === true, about: values.root ?? values.at?.replace(/:\d+$/, '') ?? '.' });
  const machines = values.machine === undefined ? [namedMachine(undefined, project)] : list('--machine', values.machine).map((name) => namedMachine(name, project));
  const version = values.kernel === undefined ? profiledKernel(project, 'version') : null;
  const kernels = list('--kernel', values.kernel ?? (version === null ? '6.12' : formatKernelVersion(version)));
  const { mix } = mixOf(scenario);
  const chosen = task(values);
  return {
    request: requestOf(scenario, values, kernels, machines.map(({ name }) => name)),
    machines,
    userScenarios: profiledScenarios(project, mix?.map((part) => part.scenario) ?? [scenario]),
    format: format(values.format, chosen),
    task: chosen,
    spanNs: time('--span', values.span) ?? defaultSpanNs,
    at: values.at ?? null,
    root: values.root ?? null,
  };
}

/** Long enough to see some holds of a lock on a large machine. */
const defaultSpanNs = 300_000;

function requestOf(scenario: string, values: Values, kernels: readonly string[], machines: readonly string[]): SimulationRequest {
  const site = siteLoad(values);
  const assumptions = assumed(values.set ?? []);
  const duration = time('--duration', values.duration);
  return {
    scenario,
    ...mixOf(scenario),
    kernel: kernels[0] ?? '',
    machine: machines[0] ?? '',
    ...(kernels.length > 1 ? { kernels } : {}),
    ...(machines.length > 1 ? { machines } : {}),
    cpus: list('--cpus', values.cpus ?? '1,8,64,256').map((text) => number('--cpus', text)),
    strategies: list('--strategies', values.strategies ?? 'baseline'),
    seed: number('--seed', values.seed ?? '1'),
    ...(values.replications === undefined ? {} : { replications: number('--replications', values.replications) }),
    ...(values['no-band'] === true ? { band: false } : {}),
    ...(duration === null ? {} : { duration_ms: duration / 1e6 }),
    ...(assumptions === null ? {} : { assumptions }),
    ...(site === null ? {} : { site }),
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

function task(values: Values): SimulateTask {
  const asked = (['sensitivity', 'break-even', 'timeline'] as const).filter((name) => values[name] === true);
  if (asked.length > 1) throw new UsageError(`${asked.map((name) => `--${name}`).join(' and ')}: ask for one of them`);
  return asked[0] ?? 'sweep';
}

const formatsOf: Readonly<Record<SimulateTask, readonly SimulateFormat[]>> = {
  sweep: simulateFormats,
  sensitivity: ['text', 'json', 'csv'],
  'break-even': ['text', 'json', 'csv'],
  timeline: ['text', 'json', 'svg'],
};

function format(text: string | undefined, chosen: SimulateTask): SimulateFormat {
  const known = formatsOf[chosen].find((name) => name === (text ?? 'text'));
  if (known === undefined) throw new UsageError(`--format ${text ?? ''}: ${chosen === 'sweep' ? 'this command' : `--${chosen}`} knows ${formatsOf[chosen].join(', ')}`);
  return known;
}
