import { type CodeLens, type Command, type Connection, type InlayHint, InlayHintKind, MarkupKind, type TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { codeLensesOf, type FileLens } from '../features/codeLens';
import { type InlayHint as SiteHint, hintTooltip, inlayHintsIn } from '../features/inlayHints';
import { clientCommands } from '../protocol/requests';
import type { ClientAbilities } from './clientAbilities';
import { guarded } from './guarded';
import type { Ask } from './question';
import type { ServerState } from './serverState';
import { steadyLines, type LineAnnotation } from './steadyLines';

/** While keys come faster than this, hints and lenses stay as they are, ms. */
const typingPause = 1_500;

interface Served {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly state: ServerState;
  readonly ask: Ask;
  readonly client: () => ClientAbilities;
  /** Asks the editor to ask for annotations again. */
  readonly refresh: () => void;
}

type HintLine = LineAnnotation & Pick<SiteHint, 'label' | 'siteId'>;
type LensLine = LineAnnotation & Pick<FileLens, 'title' | 'siteId'>;

/** Inlay hints and code lenses, which stay in place while a document is typed into. */
export function answerAnnotationRequests(served: Served): void {
  const { documents, refresh } = served;
  const hints = steadyLines<HintLine>({ pause: typingPause, withholdsNew: false, onPause: refresh, now: Date.now });
  const lenses = steadyLines<LensLine>({ pause: typingPause, withholdsNew: true, onPause: refresh, now: Date.now });
  const opened = new Set<string>();
  documents.onDidChangeContent(({ document: { uri } }) => {
    // The first text of a document is no typing.
    if (opened.has(uri)) for (const steady of [hints, lenses]) steady.typed(uri);
    opened.add(uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    opened.delete(uri);
    for (const steady of [hints, lenses]) steady.close(uri);
  });
  answerHints(served, hints);
  answerLenses(served, lenses);
}

function answerHints({ connection, state, ask, client }: Served, steady: ReturnType<typeof steadyLines<HintLine>>): void {
  connection.languages.inlayHint.on(
    guarded(connection, [], async ({ textDocument: { uri }, range }, token): Promise<InlayHint[]> => {
      if (!state.settings.inlayHints.enabled) return [];
      const question = await ask(uri, token);
      if (question === null) return [];
      const { document, file, snapshot } = question;
      const text = document.getText();
      const fresh = inlayHintsIn(snapshot, file, text, { start: 0, end: text.length }, state.settings.inlayHints);
      const shown = steady.show(uri, text, fresh.map(({ offset, label, siteId }) => ({ key: siteId, line: document.positionAt(offset).line, label, siteId })));
      return shown.filter(({ line }) => range.start.line <= line && line <= range.end.line).map((hint) => hintAt(document, hint, client()));
    }),
  );
  const tooltipOf = guarded<InlayHint, string | null>(connection, null, ({ data }) => {
    const { uri, siteId } = data as { uri: string; siteId: string };
    const located = state.sessions.locate(uri);
    return located === null ? null : hintTooltip(state.snapshotOf(located.session), siteId, client());
  });
  connection.languages.inlayHint.resolve(async (hint, token) => {
    const tooltip = await tooltipOf(hint, token);
    return tooltip === null ? hint : { ...hint, tooltip: { kind: client().markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value: tooltip } };
  });
}

function hintAt(document: TextDocument, { line, label, siteId }: HintLine, { commandLinks }: ClientAbilities): InlayHint {
  const lineText = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  return {
    position: { line, character: lineText.replace(/\r?\n$/, '').length },
    label: commandLinks ? [{ value: label, command: reportCommand('Show in the cost report', siteId) }] : label,
    kind: InlayHintKind.Parameter,
    paddingLeft: true,
    data: { uri: document.uri, siteId },
  };
}

function answerLenses({ connection, state, ask, client }: Served, steady: ReturnType<typeof steadyLines<LensLine>>): void {
  connection.onCodeLens(
    guarded(connection, [], async ({ textDocument: { uri } }, token): Promise<CodeLens[]> => {
      if (!state.settings.codeLens.enabled) return [];
      const question = await ask(uri, token);
      if (question === null) return [];
      const { document, file, snapshot } = question;
      const fresh = codeLensesOf(snapshot, file).map(({ offset, key, title, siteId }) => ({ key, line: document.positionAt(offset).line, title, siteId }));
      return steady.show(uri, document.getText(), fresh).map(({ line, title, siteId }) => ({
        range: { start: { line, character: 0 }, end: { line, character: 0 } },
        command: client().commandLinks ? reportCommand(title, siteId) : { title, command: '' },
      }));
    }),
  );
}

function reportCommand(title: string, siteId: string): Command {
  return { title, command: clientCommands.showReport, arguments: [{ siteId }] };
}
