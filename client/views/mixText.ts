import { t } from './l10n';

/** A scenario with its share of the CPUs. */
export interface MixPart {
  readonly scenario: string;
  readonly share: number;
}

/** Reads `fork-exec=3, netns=1`; a sentence where it cannot be meant. */
export function mixOf(text: string, known: readonly string[]): readonly MixPart[] | string {
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  if (parts.length === 0) return t('Write scenarios with their shares, for example fork-exec=3, netns=1.');
  const mix: MixPart[] = [];
  for (const part of parts) {
    const [scenario = '', share = '1'] = part.split('=').map((word) => word.trim());
    if (!known.includes(scenario)) return t('“{0}” is no scenario; there are {1}.', scenario, known.join(', '));
    if (!(Number(share) > 0) || !Number.isFinite(Number(share))) return t('The share of {0} is a number above 0.', scenario);
    mix.push({ scenario, share: Number(share) });
  }
  return mix;
}
