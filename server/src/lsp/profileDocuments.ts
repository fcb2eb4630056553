import path from 'node:path';
import {
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type Hover,
  InsertTextFormat,
  MarkupKind,
  type Range,
  type TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { vocabularyFor } from '../features/profileVocabulary';
import { proposalsAt, type Proposal } from '../profile/completion';
import { profileHoverAt } from '../profile/hover';
import { unknownIds } from '../profile/unknownIds';
import type { Span } from '../util/text';
import { missingFiles, profileName } from '../workspace/profileFile';
import type { ProfileSource } from '../workspace/profileSource';
import { guarded } from './guarded';
import type { ServerState } from './serverState';
import { throttle } from './throttle';
import { pathOfUri, uriOfPath } from './uris';

export interface ProfileDocuments {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly state: ServerState;
  readonly profiles: ProfileSource;
}

/** What is typed is taken up at most this often, ms. */
const typingInterval = 400;

/** True for a project's profile, whatever language the editor takes it for. */
export function isProfile(uri: string): boolean {
  const file = pathOfUri(uri);
  return file !== null && path.basename(file) === profileName;
}

/** Follows the workspace's `percpu.toml`s: what they say is in force at once, what is wrong in them is shown in them. */
export function followProfiles(served: ProfileDocuments): void {
  const { connection, documents, state, profiles } = served;
  const shown = new Set<string>();
  const show = (): void => {
    const inForce = state.profiles().flatMap(({ file }) => (file === null ? [] : [file]));
    const open = documents.all().flatMap(({ uri }) => (isProfile(uri) ? [pathOfUri(uri) ?? ''] : []));
    const current = new Set([...inForce, ...open]);
    for (const file of new Set([...shown, ...current])) {
      void connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics: current.has(file) ? diagnosticsOf(profiles, file) : [] });
      shown.add(file);
    }
  };
  const typed = throttle(typingInterval, () => {
    state.sessions.readProfiles(false);
    show();
  });
  const saved = (): void => {
    state.sessions.readProfiles(true);
    show();
  };
  state.onProfiles = show;
  documents.onDidChangeContent(({ document }) => {
    if (!isProfile(document.uri)) return;
    profiles.edit(pathOfUri(document.uri) ?? '', document.getText());
    typed();
  });
  documents.onDidSave(({ document }) => {
    if (isProfile(document.uri)) saved();
  });
  documents.onDidClose(({ document }) => {
    if (!isProfile(document.uri)) return;
    profiles.close(pathOfUri(document.uri) ?? '');
    saved();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ uri }) => isProfile(uri))) saved();
    const files = changes.flatMap(({ uri }) => pathOfUri(uri) ?? []);
    state.sessions.readConfigurations(files);
    state.sessions.readSources(files);
  });
  connection.onCompletion(guarded(connection, [], ({ textDocument, position }) => completionsAt(served, textDocument.uri, position)));
}

function diagnosticsOf(profiles: ProfileSource, file: string): Diagnostic[] {
  const read = profiles.read(file);
  const text = TextDocument.create(uriOfPath(file), 'toml', 0, read.text);
  const named = read.tree === null ? [] : [...unknownIds(read.tree, vocabularyFor(read.profile)), ...missingFiles(read)];
  return [...read.problems, ...named].map(({ message, span, severity }) => ({
    message,
    range: rangeOf(text, span),
    severity: severity === 'warning' ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
    source: 'percpu-lens',
  }));
}

function rangeOf(text: TextDocument, { start, end }: Span): Range {
  return { start: text.positionAt(start), end: text.positionAt(end) };
}

function completionsAt({ documents, profiles }: ProfileDocuments, uri: string, position: { readonly line: number; readonly character: number }): CompletionItem[] {
  const document = documents.get(uri);
  const file = pathOfUri(uri);
  if (document === undefined || file === null || !isProfile(uri)) return [];
  const proposals = proposalsAt(document.getText(), document.offsetAt(position), vocabularyFor(profiles.read(file).profile));
  return proposals.map((proposal, index) => completionOf(document, proposal, index));
}

function completionOf(document: TextDocument, { label, doc, snippet, span, kind }: Proposal, index: number): CompletionItem {
  const kinds = { table: CompletionItemKind.Module, key: CompletionItemKind.Property, value: CompletionItemKind.Value } as const;
  return {
    label,
    kind: kinds[kind],
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: { range: rangeOf(document, span), newText: snippet },
    filterText: document.getText(rangeOf(document, span)).startsWith('"') ? `"${label}"` : label,
    sortText: String(index).padStart(3, '0'),
    ...(doc === '' ? {} : { documentation: doc }),
  };
}

/** What a key or name under the mouse means. */
export function profileHover({ documents, profiles }: Pick<ProfileDocuments, 'documents' | 'profiles'>, uri: string, position: { readonly line: number; readonly character: number }): Hover | null {
  const document = documents.get(uri);
  const file = pathOfUri(uri);
  if (document === undefined || file === null) return null;
  const { tree, profile } = profiles.read(file);
  const hover = tree === null ? null : profileHoverAt(tree, document.offsetAt(position), vocabularyFor(profile));
  return hover === null ? null : { contents: { kind: MarkupKind.PlainText, value: hover.text }, range: rangeOf(document, hover.span) };
}
