import { type Connection, type Hover, MarkupKind, type TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { hoverOf, targetAt, typeNeeded } from '../features/hover/hover';
import type { ProfileSource } from '../workspace/profileSource';
import { answerAnnotationRequests } from './annotationRequests';
import type { ClientAbilities } from './clientAbilities';
import { answerCodeActions } from './codeActions';
import type { Comparison } from './comparison';
import { guarded } from './guarded';
import { isProfile, profileHover } from './profileDocuments';
import { askAbout, type Ask } from './question';
import { rangeOf } from './ranges';
import { answerDiagnostics, type RuleDiagnostics } from './ruleDiagnostics';
import type { ServerState } from './serverState';
import { answerSwitchCommands } from './switchCommands';

/** An open hover is never asked for again, so it waits for the first reading of the headers, ms. */
const hoverPatience = 6_000;

export interface DocumentRequests {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly state: ServerState;
  readonly profiles: ProfileSource;
  readonly client: () => ClientAbilities;
  /** Asks the editor to ask for hints and lenses again. */
  readonly refresh: () => void;
  readonly comparison: Comparison;
}

/** Everything about open documents: standard requests, answered from a snapshot in every client. */
export function answerDocumentRequests(served: DocumentRequests): RuleDiagnostics {
  const { connection, documents, state } = served;
  const ask = askAbout(documents, state);
  answerHovers(served, ask);
  answerAnnotationRequests({ ...served, ask });
  answerCodeActions({ ...served, ask });
  answerSwitchCommands(connection, state);
  return answerDiagnostics({ ...served, ask });
}

function answerHovers(served: DocumentRequests, ask: Ask): void {
  const { connection, documents, state, profiles, client } = served;
  connection.onHover(
    guarded(connection, null, async ({ textDocument: { uri }, position }, token): Promise<Hover | null> => {
      if (isProfile(uri)) return profileHover({ documents, profiles }, uri, position);
      if (!state.settings.hover.enabled) return null;
      const question = await ask(uri, token, hoverPatience);
      if (question === null) return null;
      const { document, file, snapshot } = question;
      const target = targetAt(snapshot, file, document.getText(), document.offsetAt(position));
      if (target === null) return null;
      const needed = typeNeeded(target);
      const session = state.sessions.locate(uri)?.session;
      const described = needed === null || session === undefined ? null : await session.describe(needed.file, needed.type, hoverPatience);
      const compared = session !== undefined && target.kind === 'site' ? served.comparison.blocksFor(session, snapshot, target.site.id) : [];
      const { span, text } = hoverOf(snapshot, target, described, client(), compared);
      return { contents: { kind: client().markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value: text }, range: rangeOf(document, span) };
    }),
  );
}
