import { parseCpuCount } from '../machine/cpuCount';
import { parseKernelVersion } from '../kernel/version';
import type { Settings } from '../protocol/requests';

export const defaultSettings: Settings = {
  machine: null,
  cpus: null,
  kernelVersion: null,
  kconfig: null,
  root: null,
  hover: { enabled: true },
  inlayHints: { enabled: true, minBytes: 64 * 1024 },
  codeLens: { enabled: true },
  diagnostics: { enabled: true },
  index: { enabled: true, workers: 1 },
};

export interface ReadSettings {
  readonly settings: Settings;
  /** One sentence for each value that was refused; the default holds in its place. */
  readonly problems: readonly string[];
}

/** Takes settings as an editor sends them, whatever they are, and says what was wrong with them. */
export function readSettings(raw: unknown): ReadSettings {
  const problems: string[] = [];
  const given = asRecord(raw);
  const section = (name: string): Record<string, unknown> => asRecord(given[name]);
  const defaults = defaultSettings;
  const settings: Settings = {
    machine: textSetting(given, 'machine', 'name of a machine', problems),
    cpus: cpusSetting(given['cpus'], problems),
    kernelVersion: versionSetting(given['kernelVersion'], problems),
    kconfig: textSetting(given, 'kconfig', 'path', problems),
    root: textSetting(given, 'root', 'path', problems),
    hover: { enabled: flag(section('hover'), 'hover', 'enabled', defaults.hover.enabled, problems) },
    inlayHints: {
      enabled: flag(section('inlayHints'), 'inlayHints', 'enabled', defaults.inlayHints.enabled, problems),
      minBytes: amount(section('inlayHints'), 'inlayHints', 'minBytes', defaults.inlayHints.minBytes, 0, problems),
    },
    codeLens: { enabled: flag(section('codeLens'), 'codeLens', 'enabled', defaults.codeLens.enabled, problems) },
    diagnostics: { enabled: flag(section('diagnostics'), 'diagnostics', 'enabled', defaults.diagnostics.enabled, problems) },
    index: {
      enabled: flag(section('index'), 'index', 'enabled', defaults.index.enabled, problems),
      workers: amount(section('index'), 'index', 'workers', defaults.index.workers, 1, problems),
    },
  };
  return { settings, problems };
}

function cpusSetting(value: unknown, problems: string[]): number | null {
  if (isAbsent(value)) return null;
  const count = parseCpuCount(typeof value === 'number' || typeof value === 'string' ? String(value) : shown(value));
  if (count.ok) return count.value;
  problems.push(`percpuLens.cpus: ${count.message}`);
  return null;
}

function versionSetting(value: unknown, problems: string[]): string | null {
  if (isAbsent(value)) return null;
  if (typeof value === 'string' && parseKernelVersion(value) !== undefined) return value;
  problems.push(`percpuLens.kernelVersion: ${shown(value)} is no kernel version; write it like 6.12`);
  return null;
}

function textSetting(given: Record<string, unknown>, name: string, what: string, problems: string[]): string | null {
  const value = given[name];
  if (isAbsent(value)) return null;
  if (typeof value === 'string') return value;
  problems.push(`percpuLens.${name}: ${shown(value)} is no ${what}`);
  return null;
}

function flag(from: Record<string, unknown>, section: string, name: string, fallback: boolean, problems: string[]): boolean {
  const value = from[name];
  if (isAbsent(value)) return fallback;
  if (typeof value === 'boolean') return value;
  problems.push(`percpuLens.${section}.${name}: ${shown(value)} is neither true nor false`);
  return fallback;
}

function amount(
  from: Record<string, unknown>,
  section: string,
  name: string,
  fallback: number,
  least: number,
  problems: string[],
): number {
  const value = from[name];
  if (isAbsent(value)) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  problems.push(`percpuLens.${section}.${name}: ${shown(value)} is no whole number of at least ${least}`);
  return fallback;
}

function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

