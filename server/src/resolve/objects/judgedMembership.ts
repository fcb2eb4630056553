import type { CallContext } from '../../facts/callContexts';
import type { SiteFact } from '../../facts/fileFacts';
import type { Definition } from '../callGraph';
import type { CreationMark, Creations, Variant } from './creationMarks';
import type { FunctionTexts } from './functionTexts';
import { truthOf, type Truth } from './guards';
import type { Membership } from './membership';
import { objectKinds, type Assumption } from './objectKinds';
import type { ObjectSource } from './objectSource';
import { timesOf } from './siteTimes';
import type { VariantTruth } from './variantTruth';

/** A way from what creates an object to a site: functions from the outside in, and where each calls the next. */
export interface Path {
  readonly mark: CreationMark;
  readonly definitions: readonly Definition[];
  readonly calls: readonly (readonly CallContext[])[];
}

/** Conditions of any kind whose answer says that the code runs on another occasion than an object's creation. */
const otherOccasions = objectKinds.flatMap(({ assume = [] }) => assume).filter(({ words, variant }) => words === null && variant === undefined);

/** False where all of the calls stand under a condition that never holds when an object is created. */
export function leadsToCreation(calls: readonly CallContext[]): boolean {
  return calls.length === 0 || calls.some(({ guards }) => guards.every((guard) => truthOf(guard, (atom) => assumed(otherOccasions, atom)) !== false));
}

function assumed(assumptions: readonly Assumption[], atom: string): Truth {
  return assumptions.find((one) => one.atom.test(atom))?.value ?? null;
}

/** What judging a path asks. */
export interface Judging {
  readonly source: ObjectSource;
  readonly texts: FunctionTexts;
  readonly creations: Creations;
  readonly variantTruth: VariantTruth;
}

/** What the conditions on the way (of a nested object without a site), the configuration and the variant make of it; null where it never runs for one. */
export function judgedMembership(path: Path, site: SiteFact | null, { source, texts, variantTruth, creations }: Judging): Membership | null {
  const { mark, definitions, calls } = path;
  const links = calls.map((occurrences) => judgedCalls(occurrences, (guards) => judgedGuards(guards, path, site, source, variantTruth)));
  if (links.some(({ never }) => never)) return null;
  const chain = [...(mark.label === null ? [] : [mark.label]), ...definitions.map(({ name }) => name)];
  return {
    kind: mark.kind,
    phase: 'create',
    variant: mark.variant,
    chain,
    times: timesOf(links.map(({ count, loops }) => ({ count, loops })), definitions.at(-1)?.file ?? '', source),
    within: [],
    when: [...new Set(links.flatMap(({ when }) => when))],
    assumed: [...new Set(links.flatMap((link) => link.assumed))],
    modules: modulesOf(path, source, mark.variant === null ? undefined : creations.variantsOf(mark.kind).get(mark.variant)),
    excluded: links.map(({ excluded }) => excluded).find((reason) => reason !== null) ?? notBuilt(path, site, source, texts),
  };
}

interface Judged {
  readonly never: boolean;
  readonly when: readonly string[];
  readonly assumed: readonly string[];
  readonly excluded: string | null;
}

interface JudgedLink extends Judged {
  readonly count: number;
  readonly loops: readonly string[];
}

/** Of several calls of the same function those that always run count; else the one with the fewest conditions. */
function judgedCalls(occurrences: readonly CallContext[], judge: (guards: readonly string[]) => Judged): JudgedLink {
  const judged = occurrences.map((context) => ({ ...judge(context.guards), loops: context.loops, count: 1 }));
  const possible = judged.filter(({ never, excluded }) => !never && excluded === null).sort((a, b) => a.when.length - b.when.length);
  const [best = judged.find(({ never }) => !never) ?? judged[0]] = possible;
  if (best === undefined) return { never: false, when: [], assumed: [], excluded: null, count: 1, loops: [] };
  const always = possible.filter(({ when }) => when.length === 0);
  if (always.length > 1) return { ...best, count: always.length };
  return eitherWay(possible) ? { ...best, when: [] } : best;
}

/** `if (x) f(a); else f(b);` */
function eitherWay(judged: readonly Judged[]): boolean {
  return judged.some(({ when: [one, ...more] }) =>
    one !== undefined && more.length === 0 && judged.some(({ when }) => when.length === 1 && when[0] === `!(${one})`));
}

function judgedGuards(guards: readonly string[], { mark }: Path, site: SiteFact | null, source: ObjectSource, variantTruth: VariantTruth): Judged {
  const { assume = [] } = objectKinds.find(({ id }) => id === mark.kind) ?? {};
  const used = new Map<string, boolean>();
  const atom = (text: string): Truth => {
    const option = /^IS_(?:ENABLED|BUILTIN|MODULE)\s*\(\s*CONFIG_\w+\s*\)$/.test(text) ? source.holds(text) : null;
    if (option !== null) return option;
    const assumption = assume.find((one) => one.atom.test(text));
    if (assumption !== undefined) {
      if (assumption.words !== null) used.set(assumption.words, assumption.value);
      if (assumption.variant === undefined) return assumption.value;
      return mark.variant === null ? null : (mark.variant === assumption.variant) === assumption.value;
    }
    // What the site fills is empty in a new object.
    if (text === site?.assignedTo) return false;
    return mark.variant === null ? null : variantTruth(mark.kind, mark.variant, text);
  };
  const truths = guards.map((guard) => ({ guard, truth: truthOf(guard, atom) }));
  const never = truths.some(({ truth }) => truth === false);
  const words = [...used.keys()];
  return {
    never: never && words.length === 0,
    excluded: never && words.length > 0 ? `not where ${words.join(', ')}` : null,
    when: truths.filter(({ truth }) => truth === null).map(({ guard }) => guard),
    assumed: words,
  };
}

function notBuilt({ definitions, mark }: Path, site: SiteFact | null, source: ObjectSource, texts: FunctionTexts): string | null {
  const absent = definitions.find(({ file }) => source.linkageOf(file).kind === 'absent');
  if (absent !== undefined) return `${absent.file} is not built with this configuration`;
  const conditions = [site?.condition ?? null, ...definitions.map((definition) => texts.conditionOf(definition))];
  const off = conditions.find((condition) => condition !== null && source.holds(condition) === false);
  return off === undefined || mark.kind === 'creator' ? null : `only with ${off ?? ''}`;
}

/** Modules on the way, but for those that the variant itself is in. */
function modulesOf({ definitions }: Path, source: ObjectSource, variant: Variant | undefined): readonly string[] {
  const moduleOf = (file: string): readonly string[] => {
    const linkage = source.linkageOf(file);
    return linkage.kind === 'module' ? [linkage.name] : [];
  };
  const own = (variant?.functions ?? []).flatMap(({ file }) => moduleOf(file));
  return [...new Set(definitions.flatMap(({ file }) => moduleOf(file)))].filter((name) => !own.includes(name));
}
