import { createHash } from 'node:crypto';
import { linkedParts } from '../linkedFacts';
import type { IndexedFacts } from '../factsMessages';

/**
 * Digest of all that linking takes from a file and of what its sites say, without places: equal for two texts of a
 * file, whatever leads to a site and belongs to an object is the same, but for the lines that it is said of.
 */
export function linkSignature(facts: IndexedFacts): string {
  const sites = facts.sites.map(({ api, family, kind, function: name, inMacro, arguments: given, assignedTo, loop, condition }) =>
    [api, family, kind, name, inMacro, given, assignedTo, loop, condition]);
  return createHash('sha1').update(JSON.stringify([linkedParts(facts), sites])).digest('base64');
}
