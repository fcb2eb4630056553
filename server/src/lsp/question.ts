import type { CancellationToken, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Snapshot } from '../workspace/snapshot';
import { isProfile } from './profileDocuments';
import type { ServerState } from './serverState';

/** An open document with the snapshot that answers questions about it. */
export interface Question {
  readonly document: TextDocument;
  /** Relative to its root. */
  readonly file: string;
  readonly snapshot: Snapshot;
}

/** How long annotations wait for a document's sites to settle; they are asked for again once they are, ms. */
const patience = 1_500;

export type Ask = (uri: string, token: CancellationToken, wait?: number) => Promise<Question | null>;

/** Null where there is nothing to answer: the document is not open, is no C, or nobody waits any more. */
export function askAbout(documents: TextDocuments<TextDocument>, state: ServerState): Ask {
  return async (uri, token, wait = patience) => {
    const document = documents.get(uri);
    // A document that is not open is no reason to start on its folder.
    const located = document === undefined || isProfile(uri) ? null : state.sessions.locate(uri);
    if (document === undefined || located === null) return null;
    await located.session.settled(located.file, wait);
    if (token.isCancellationRequested) return null;
    return { document, file: located.file, snapshot: state.snapshotOf(located.session) };
  };
}
