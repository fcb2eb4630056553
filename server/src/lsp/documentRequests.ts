import {
  type CancellationToken,
  type CodeLens,
  type Connection,
  type Hover,
  type InlayHint,
  InlayHintKind,
  MarkupKind,
  type TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { clientCommands } from '../protocol/requests';
import { hoverAt } from '../features/hover';
import { hintTooltip, inlayHintsIn } from '../features/inlayHints';
import { codeLensesOf } from '../features/codeLens';
import type { Snapshot } from '../workspace/snapshot';
import type { ProfileSource } from '../workspace/profileSource';
import { guarded } from './guarded';
import { isProfile, profileHover } from './profileDocuments';
import type { ServerState } from './serverState';

/** How long hints and lenses wait for a document's sites to settle; they are asked for again once they are, ms. */
const patience = 1_500;
/** An open hover is never asked for again, so it waits for the first reading of the headers, ms. */
const hoverPatience = 6_000;

interface Question {
  readonly document: TextDocument;
  readonly file: string;
  readonly snapshot: Snapshot;
}

/** Hover, inlay hints and code lenses: standard requests, answered from a snapshot in every client. */
export function answerDocumentRequests(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  state: ServerState,
  profiles: ProfileSource,
): void {
  const ask = async (uri: string, token: CancellationToken, wait = patience): Promise<Question | null> => {
    const document = documents.get(uri);
    // A document that is not open is no reason to start on its folder.
    const located = document === undefined || isProfile(uri) ? null : state.sessions.locate(uri);
    if (document === undefined || located === null) return null;
    await located.session.settled(located.file, wait);
    if (token.isCancellationRequested) return null;
    return { document, file: located.file, snapshot: state.snapshotOf(located.session) };
  };

  connection.onHover(
    guarded(connection, null, async ({ textDocument, position }, token): Promise<Hover | null> => {
      if (isProfile(textDocument.uri)) return profileHover({ documents, profiles }, textDocument.uri, position);
      if (!state.settings.hover.enabled) return null;
      const question = await ask(textDocument.uri, token, hoverPatience);
      if (question === null) return null;
      const { document, file, snapshot } = question;
      const hover = hoverAt(snapshot, file, document.offsetAt(position));
      if (hover === null) return null;
      return {
        contents: { kind: MarkupKind.Markdown, value: hover.markdown },
        range: { start: document.positionAt(hover.span.start), end: document.positionAt(hover.span.end) },
      };
    }),
  );

  connection.languages.inlayHint.on(
    guarded(connection, [], async ({ textDocument, range }, token): Promise<InlayHint[]> => {
      if (!state.settings.inlayHints.enabled) return [];
      const question = await ask(textDocument.uri, token);
      if (question === null) return [];
      const { document, file, snapshot } = question;
      const span = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
      return inlayHintsIn(snapshot, file, document.getText(), span, state.settings.inlayHints).map((hint) => ({
        position: document.positionAt(hint.offset),
        label: [
          {
            value: hint.label,
            command: { title: 'Show in the cost report', command: clientCommands.showReport, arguments: [{ siteId: hint.siteId }] },
          },
        ],
        kind: InlayHintKind.Parameter,
        paddingLeft: true,
        data: { uri: textDocument.uri, siteId: hint.siteId },
      }));
    }),
  );

  connection.languages.inlayHint.resolve((hint) => {
    const { uri, siteId } = hint.data as { uri: string; siteId: string };
    const located = state.sessions.locate(uri);
    if (located === null) return hint;
    const value = hintTooltip(state.snapshotOf(located.session), siteId);
    return value === null ? hint : { ...hint, tooltip: { kind: MarkupKind.Markdown, value } };
  });

  connection.onCodeLens(
    guarded(connection, [], async ({ textDocument }, token): Promise<CodeLens[]> => {
      if (!state.settings.codeLens.enabled) return [];
      const question = await ask(textDocument.uri, token);
      if (question === null) return [];
      const { document, file, snapshot } = question;
      return codeLensesOf(snapshot, file).map((lens) => {
        const start = document.positionAt(lens.offset);
        return {
          range: { start, end: start },
          command: { title: lens.title, command: clientCommands.showReport, arguments: [{ siteId: lens.siteId }] },
        };
      });
    }),
  );
}
