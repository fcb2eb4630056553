import type { FlowFact, FunctionFact, MacroFact, RegistrationFact, SiteFact, TableFact } from './fileFacts';

/** A site without its place in lines, which the text before its segment decides, and comments about it, which stand outside too. */
export type PlacedSite = Omit<SiteFact, 'line' | 'column' | 'suppressions'>;

/**
 * Facts of one segment; all offsets count from its start, so that they outlive edits elsewhere. Calls are kept
 * as two columns, there being so many.
 */
export interface SegmentFacts {
  readonly functions: readonly FunctionFact[];
  readonly sites: readonly PlacedSite[];
  readonly caller: string | null;
  readonly callees: readonly string[];
  readonly callOffsets: readonly number[];
  readonly tables: readonly TableFact[];
  readonly registrations: readonly RegistrationFact[];
  readonly macros: readonly MacroFact[];
  readonly includes: readonly string[];
  readonly flows: readonly FlowFact[];
}

export const noFacts: SegmentFacts = {
  functions: [], sites: [], caller: null, callees: [], callOffsets: [], tables: [], registrations: [], macros: [],
  includes: [], flows: [],
};
