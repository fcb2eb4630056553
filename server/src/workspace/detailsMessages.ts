import type { MessagePort } from 'node:worker_threads';
import type { SiteFact } from '../facts/fileFacts';
import type { SiteDetails } from '../resolve/siteDetails';
import type { Wrapper } from '../resolve/wrappers';
import type { DetailReads } from './edited/detailReads';
import type { TypesConfiguration } from './folderTypes';

/** What a thread of details is started with. */
export interface DetailsInput {
  readonly types: TypesConfiguration;
  /** Takes questions that go before the files that are waiting. */
  readonly questions: MessagePort;
}

/** What expressions come to in a file. */
export interface ConstantsQuestion {
  readonly file: string;
  readonly expressions: readonly string[];
}

/** A site with what only the linked tree knows of its place. */
export interface AskedSite {
  readonly fact: SiteFact;
  /** The loops around it, outermost first, as written. */
  readonly loops: readonly string[];
  /** Index of the wrapper that its name means; null for none. */
  readonly wrapper: number | null;
}

export interface AskedFile {
  readonly file: string;
  readonly sites: readonly AskedSite[];
}

/** The wrappers of a tree with what their own calls mean where they stand. */
export interface WrapperTable {
  readonly wrappers: readonly Wrapper[];
  /** Of each wrapper the calls inside it, as a file asks for its own. */
  readonly inner: readonly (readonly AskedSite[])[];
}

export type DetailsRequest =
  | { readonly kind: 'begin'; readonly table: WrapperTable }
  | { readonly kind: 'files'; readonly files: readonly AskedFile[] }
  /** Nothing more is asked. */
  | { readonly kind: 'end' };

export type DetailsReply =
  /** To the question that was asked first of those not answered yet: in the order of its expressions. */
  | { readonly kind: 'constants'; readonly values: readonly (number | null)[] }
  /** Of the file that was asked for first of those not answered yet. */
  | { readonly kind: 'details'; readonly details: readonly SiteDetails[] }
  /** Files that were asked for, and what types were read from. */
  | { readonly kind: 'ended'; readonly read: readonly string[]; readonly types: DetailReads };
