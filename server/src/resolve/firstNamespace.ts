import type { SiteFact } from '../facts/fileFacts';
import type { Definition } from './callGraph';
import { truthOf, type Truth } from './objects/guards';
import { siteCall, type FunctionTexts } from './objects/functionTexts';
import { creates } from './reachPairs';
import type { Reach } from './resolvedSite';

/** `net_eq(net, &init_net)`, `net == &init_net`, whatever the variable's name. */
const initNet = /^(?:net_eq\((?:[\w.>-]+, &init_net|&init_net, [\w.>-]+)\)|[\w.>-]+ == &init_net|&init_net == [\w.>-]+)$/;

/**
 * The reach of a site where the set-up of each network namespace leads to it, but the site stands under a test for the
 * first one, which is set up once, at boot (net/core/net_namespace.c net_ns_init): `if (net_eq(net, &init_net))`.
 * `definition` is the function around the site.
 */
export function atFirstNamespace(reach: readonly Reach[], site: SiteFact, definition: () => Definition | undefined, texts: FunctionTexts): readonly Reach[] {
  if (!creates(site) || !reach.some(isNamespace)) return reach;
  const guard = siteCall(definition(), site, texts)?.guards.find((condition) => truthOf(condition, inLaterNamespace) === false);
  if (guard === undefined) return reach;
  const others = reach.filter((one) => !isNamespace(one) && one.frequencyClass !== 'boot');
  return [...others, ...reach.filter(isNamespace).map(({ chain }): Reach => ({ frequencyClass: 'boot', chain: [...chain, `only if ${guard}`] }))];
}

function inLaterNamespace(atom: string): Truth {
  return initNet.test(atom) ? false : null;
}

function isNamespace({ frequencyClass }: Reach): boolean {
  return frequencyClass === 'netns';
}
