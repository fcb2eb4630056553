import type { SiteFact } from '../facts/fileFacts';
import type { Definition } from './callGraph';
import { siteCall, type FunctionTexts } from './objects/functionTexts';
import type { ObjectSource } from './objects/objectSource';
import { timesOf } from './objects/siteTimes';

/** The loops around a call in its function, outermost first, as written: `for (i = 0; i < NR_ITEMS; i++)`. Looks for the function where there are any. */
export function loopsAround(site: SiteFact, definition: () => Definition | undefined, texts: FunctionTexts): readonly string[] {
  if (site.loop === null) return [];
  return siteCall(definition(), site, texts)?.loops ?? [site.loop];
}

/** How often loops run what is inside, as constants of a file say; 1 without loops, null where a bound is not constant. */
export function turnsOfLoops(file: string, loops: readonly string[], source: ObjectSource): number | null {
  const { count, per } = timesOf([{ count: 1, loops }], file, source);
  return per === null ? count : null;
}
