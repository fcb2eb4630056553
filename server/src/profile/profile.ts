import type { Api } from '../kernel/api';
import type { KernelVersion } from '../kernel/version';
import type { MachineProfile } from '../machine/profile';
import type { FrequencyClass } from '../resolve/resolvedSite';
import type { UserScenario } from '../scenario/userScenario';
import type { Interval } from '../util/interval';
import type { Limit } from './limit';
import type { Suppression } from './suppression';

/** What belongs to a project rather than to a person: the content of its `percpu.toml`, checked. */
export interface Profile {
  /** Absolute path of the file; null where a project has none. */
  readonly file: string | null;
  /** The machine in force where nobody chose another. */
  readonly machine: string | null;
  readonly machines: readonly MachineProfile[];
  readonly kernel: ProfileKernel;
  readonly workload: ProfileWorkload;
  /** Entries for wrappers outside the tree; they win over the catalogue's of the same name. */
  readonly apis: readonly Api[];
  readonly suppressions: readonly Suppression[];
  /** Severities of rules by id, where they are not the default. */
  readonly rules: ReadonlyMap<string, RuleSeverity>;
  readonly scenarios: readonly UserScenario[];
  readonly limits: readonly Limit[];
}

export interface ProfileKernel {
  readonly version: KernelVersion | null;
  /** Configuration file, relative to the profile's folder or absolute, as written. */
  readonly config: string | null;
  readonly arch: 'x86_64' | 'arm64' | null;
}

export interface ProfileWorkload {
  /** Events of a class on the whole machine, per second. */
  readonly rates: ReadonlyMap<FrequencyClass, Interval>;
  /** Objects of a class that are alive at a time. */
  readonly live: ReadonlyMap<FrequencyClass, Interval>;
}

export const ruleSeverities = ['off', 'hint', 'information', 'warning', 'error'] as const;
export type RuleSeverity = (typeof ruleSeverities)[number];

/** A project without a `percpu.toml`. */
export const emptyProfile: Profile = {
  file: null,
  machine: null,
  machines: [],
  kernel: { version: null, config: null, arch: null },
  workload: { rates: new Map(), live: new Map() },
  apis: [],
  suppressions: [],
  rules: new Map(),
  scenarios: [],
  limits: [],
};
