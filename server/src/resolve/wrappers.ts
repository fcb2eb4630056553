import type { Callables } from '../facts/callables';
import type { SiteFact } from '../facts/fileFacts';
import type { Api, ArgumentRoles } from '../kernel/api';
import { creates, type PlacedSite } from './reachPairs';

/** A function or macro outside the catalogue that passes size, type or gfp of an allocation on from its caller. */
export interface Wrapper {
  readonly name: string;
  readonly file: string;
  /** Seen by its name in other files. */
  readonly visible: boolean;
  readonly parameters: readonly string[];
  /** What one call of it allocates: the calls inside. */
  readonly inner: readonly PlacedSite[];
  /** From itself to the catalogue's API: what a call of it goes through. */
  readonly via: readonly string[];
  readonly api: Api;
}

export type WrapperFiles = ReadonlyMap<string, Callables & { readonly sites: readonly SiteFact[] }>;

type ApiOf = (name: string) => Api | undefined;

const passedRoles = ['type', 'size', 'gfp', 'count'] as const;

/**
 * Finds the wrappers that the files define, by name. `known` are those found before: a function that passes on to one
 * of them is a wrapper too. Names of the catalogue are left out.
 */
export function discoverWrappers(files: WrapperFiles, apiOf: ApiOf, known: readonly Wrapper[] = []): readonly Wrapper[] {
  const earlier = new Map(known.map((wrapper) => [wrapper.name, wrapper]));
  const apiAt: ApiOf = (name) => apiOf(name) ?? earlier.get(name)?.api;
  const found: Wrapper[] = [];
  for (const [file, facts] of files) {
    const byFunction = new Map<string, SiteFact[]>();
    for (const site of facts.sites) {
      if (site.function === null || !creates(site) || apiOf(site.function) !== undefined) continue;
      byFunction.set(site.function, [...(byFunction.get(site.function) ?? []), site]);
    }
    for (const [name, sites] of byFunction) {
      const wrapper = wrapperOf(file, name, sites, facts, apiAt, earlier);
      if (wrapper !== null) found.push(wrapper);
    }
  }
  return found;
}

/** The wrappers with all calls inside them, those of wrappers that were found after them too. */
export function withAllCalls(wrappers: readonly Wrapper[], files: WrapperFiles): readonly Wrapper[] {
  return wrappers.map((wrapper) => {
    const sites = files.get(wrapper.file)?.sites.filter((site) => site.function === wrapper.name && site.api !== wrapper.name && creates(site)) ?? [];
    return sites.length === 0 ? wrapper : { ...wrapper, inner: sites.map((site) => ({ file: wrapper.file, site })) };
  });
}

function wrapperOf(
  file: string,
  name: string,
  sites: readonly SiteFact[],
  facts: Callables,
  apiOf: ApiOf,
  earlier: ReadonlyMap<string, Wrapper>,
): Wrapper | null {
  const definition = facts.functions.find((fact) => fact.name === name);
  const macro = facts.macros.find((fact) => fact.name === name);
  const parameters = definition?.parameters ?? macro?.parameters ?? [];
  const first = sites.find((site) => passesOn(site, apiOf(site.api), parameters));
  const api = first === undefined ? undefined : apiOf(first.api);
  if (first === undefined || api === undefined) return null;
  return {
    name,
    file,
    visible: definition?.isStatic !== true || file.endsWith('.h'),
    parameters,
    inner: sites.map((site) => ({ file, site })),
    via: [name, ...(earlier.get(first.api)?.via ?? [first.api])],
    api: {
      name, family: api.family, kind: api.kind, source: file, wrapper: true, roles: passedArguments(first, api, parameters),
    },
  };
}

/** True where an argument that decides size, type or flags is made of a parameter's value. */
function passesOn(site: SiteFact, api: Api | undefined, parameters: readonly string[]): boolean {
  return api !== undefined && passedRoles.some((role) => parameters.some((name) => usesValue(roleArgument(site, api, role), name)));
}

/** False where no argument that decides size, type or flags can be made of a parameter: what is known before parameters are. */
export function mayPassOn(site: SiteFact, api: Api | undefined): boolean {
  if (site.function === null || !creates(site)) return false;
  return passesOn(site, api, site.arguments.flatMap((argument) => argument.match(/\b[a-z_]\w*/g) ?? []));
}

function roleArgument(site: SiteFact, api: Api, role: keyof ArgumentRoles): string {
  const position = api.roles[role];
  return position === undefined ? '' : (site.arguments[position] ?? '');
}

/** `size` in `sizeof(long) * size` is passed on; in `size->bytes`, `*size` and `typeof(size)` it only leads elsewhere. */
function usesValue(argument: string, parameter: string): boolean {
  if (parameter === '' || /\btypeof\b|\bsizeof\s*\(\s*\*/.test(argument)) return false;
  return new RegExp(`(^|[^\\w.>*&])${parameter}\\b(?!\\s*(->|\\.|\\[|\\())`).test(argument.replace(/\s+/g, ' '));
}

/** Where a call of the wrapper has what the inner call takes: only arguments that are passed as they are. */
function passedArguments(site: SiteFact, api: Api, parameters: readonly string[]): ArgumentRoles {
  const roles: Partial<Record<keyof ArgumentRoles, number>> = {};
  for (const role of ['type', 'size', 'align', 'gfp', 'target', 'count', 'amount'] as const) {
    const position = parameters.indexOf(roleArgument(site, api, role).replace(/^\((.*)\)$/, '$1'));
    if (position !== -1) roles[role] = position;
  }
  return roles;
}

/** The inner call as if its caller had written it: parameters replaced by the arguments of the wrapper's call. */
export function inlined(call: SiteFact, wrapper: Wrapper, inner: SiteFact): SiteFact {
  const replaced = inner.arguments.map((argument) => withArguments(argument, call, wrapper));
  return { ...call, api: inner.api, family: inner.family, kind: inner.kind, arguments: replaced };
}

/** Text inside a wrapper with its parameters replaced by the arguments of a call of it. */
export function withArguments(text: string, call: Pick<SiteFact, 'arguments'>, { parameters }: Wrapper): string {
  const values = new Map(parameters.map((name, index) => [name, call.arguments[index] ?? name]));
  return text.replace(/(->|\.)?(\s*)\b([A-Za-z_]\w*)/g, (whole: string, member: string | undefined, space: string, name: string) => {
    const value = values.get(name);
    return member !== undefined || value === undefined ? whole : `${space}${text === name ? value : asOperand(value)}`;
  });
}

/** `1 << order` inside a product stays one value. */
function asOperand(value: string): string {
  return /\s[-+*/%<>|&^?]+\s/.test(value) ? `(${value})` : value;
}

/** True where the name means that wrapper in the file: a static one only in its own, a visible one where none is nearer. */
export function meansWrapper(name: string, file: string, facts: { readonly [part in 'functions' | 'macros']: readonly { readonly name: string }[] }, wrapper: Wrapper): boolean {
  if (wrapper.name !== name) return false;
  if (wrapper.file === file) return true;
  if (!wrapper.visible) return false;
  return !facts.functions.some((fact) => fact.name === name) && !facts.macros.some((fact) => fact.name === name);
}
