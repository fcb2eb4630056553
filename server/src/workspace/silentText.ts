import { mentionedNames, type Catalogue } from '../kernel/catalogue';
import { mentionFilter } from '../kernel/catalogueMentions';

/** Nobody writes a longer file; a generated header of register names has ten times as much. */
const writtenByHand = 1_000_000;

/**
 * True for a long text that has nothing to show: no name of the catalogue and no comment to us. What every keystroke
 * in it would cost, a second for 10 MB, would be spent on nothing.
 */
export function isSilent(text: string, catalogue: Catalogue): boolean {
  return text.length > writtenByHand && !text.includes('percpu-lens') && !filterOf(catalogue)(text);
}

const filters = new WeakMap<Catalogue, ReturnType<typeof mentionFilter>>();

function filterOf(catalogue: Catalogue): ReturnType<typeof mentionFilter> {
  const filter = filters.get(catalogue) ?? mentionFilter(mentionedNames(catalogue));
  filters.set(catalogue, filter);
  return filter;
}
