import type { SiteLoad } from '../../server/src/protocol/simulation';
import { t } from './l10n';

/** The three quantities of a site's load as people type them; each may be left empty. */
export const loadFields = [
  { id: 'rate', label: t('Creations per second of all CPUs together'), empty: t('back to back') },
  { id: 'lifetime', label: t('Lifetime of an object, ms'), empty: t('destroyed at once') },
  { id: 'concurrency', label: t('CPUs that create'), empty: t('all') },
] as const;

export type LoadField = (typeof loadFields)[number]['id'];

/** What is wrong with a typed value; undefined where nothing is. */
export function loadProblem(field: LoadField, text: string): string | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  const value = Number(typed);
  if (!Number.isFinite(value)) return t('“{0}” is not a number.', typed);
  switch (field) {
    case 'rate':
      return value > 0 ? undefined : t('A rate is more than 0 creations per second; leave it empty for back to back.');
    case 'lifetime':
      return value >= 0 ? undefined : t('A lifetime is 0 ms or more; leave it empty where objects are destroyed at once.');
    case 'concurrency':
      return Number.isInteger(value) && value >= 1 ? undefined : t('At least one CPU creates: a whole number from 1, or empty for all.');
  }
}

/** A load from values without a problem. */
export function loadOf(texts: Readonly<Record<LoadField, string>>): SiteLoad {
  const number = (field: LoadField): number | null => (texts[field].trim() === '' ? null : Number(texts[field]));
  const lifetime = number('lifetime');
  return { rate_per_s: number('rate'), lifetime_ns: lifetime === null ? null : lifetime * 1e6, concurrency: number('concurrency') };
}

export function textOfLoad(load: SiteLoad): Record<LoadField, string> {
  const text = (value: number | null): string => (value === null ? '' : String(value));
  return { rate: text(load.rate_per_s), lifetime: text(load.lifetime_ns === null ? null : load.lifetime_ns / 1e6), concurrency: text(load.concurrency) };
}
