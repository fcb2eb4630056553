import { createHash } from 'node:crypto';
import {
  type CancellationToken,
  type Connection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
  type TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { commentProblems } from '../features/commentProblems';
import { findingsIn, type ReportedFinding } from '../features/findings';
import type { ClientAbilities } from './clientAbilities';
import { guarded } from './guarded';
import { rangeOf } from './ranges';
import type { Ask, Question } from './question';
import type { ServerState } from './serverState';
import { throttle } from './throttle';

interface Served {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly state: ServerState;
  readonly ask: Ask;
  readonly client: () => ClientAbilities;
}

export interface RuleDiagnostics {
  /** Sites, machine, settings or profiles have changed: what is shown may be wrong by now. */
  changed(): void;
}

/** What a code action needs to know of the diagnostic that it is for. */
export interface FindingData {
  readonly siteId: string;
  readonly rule: string;
}

/** Clients that do not ask for diagnostics get them this long after a change, ms. */
const pushInterval = 400;

const severities = {
  hint: DiagnosticSeverity.Hint,
  information: DiagnosticSeverity.Information,
  warning: DiagnosticSeverity.Warning,
  error: DiagnosticSeverity.Error,
} as const;

/** Findings of the rules in open documents: asked for by clients that can, sent to the others. */
export function answerDiagnostics(served: Served): RuleDiagnostics {
  const { connection, documents, client } = served;
  const itemsOf = guarded<Question, Diagnostic[]>(connection, [], (question) => diagnosticsOf(served, question));
  connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token): Promise<DocumentDiagnosticReport> => {
    const version = documents.get(uri)?.version;
    const question = await served.ask(uri, token);
    // An answer for another text than the client has would mark the wrong lines.
    if (token.isCancellationRequested || documents.get(uri)?.version !== version) {
      throw new ResponseError(LSPErrorCodes.ServerCancelled, 'the document was changed meanwhile', { retriggerRequest: true });
    }
    const items = question === null ? [] : await itemsOf(question, token);
    const resultId = createHash('sha1').update(JSON.stringify(items)).digest('hex');
    return resultId === previousResultId ? { kind: 'unchanged', resultId } : { kind: 'full', resultId, items };
  });
  const sent = new Map<string, string>();
  documents.onDidClose(({ document: { uri } }) => {
    if (sent.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
  const push = throttle(pushInterval, () => {
    for (const document of documents.all()) void pushTo(served, document, itemsOf, sent);
  });
  return {
    changed: () => {
      const { pullsDiagnostics, refreshesDiagnostics } = client();
      if (!pullsDiagnostics) push();
      else if (refreshesDiagnostics) void connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
    },
  };
}

const nobodyCancels = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };

type ItemsOf = (question: Question, token: CancellationToken) => Promise<Diagnostic[]>;

async function pushTo(served: Served, { uri, version }: TextDocument, itemsOf: ItemsOf, sent: Map<string, string>): Promise<void> {
  const question = await served.ask(uri, nobodyCancels);
  if (question?.document.version !== version) return;
  const diagnostics = await itemsOf(question, nobodyCancels);
  const key = JSON.stringify(diagnostics);
  if (key === (sent.get(uri) ?? '[]')) return;
  sent.set(uri, key);
  void served.connection.sendDiagnostics({ uri, version, diagnostics });
}

function diagnosticsOf({ state, client }: Served, { document, file, snapshot }: Question): Diagnostic[] {
  if (!state.settings.diagnostics.enabled) return [];
  const shown = findingsIn(snapshot, file).filter(({ suppressed }) => suppressed === null);
  const comments = commentProblems(snapshot, file).map(({ span, reason }): Diagnostic => ({
    range: rangeOf(document, span), message: reason, severity: DiagnosticSeverity.Information, source: 'percpu-lens', code: 'comment',
  }));
  return [...shown.map((one) => diagnosticOf(document, one, client())), ...comments];
}

function diagnosticOf(document: TextDocument, { finding, summary, siteId, severity }: ReportedFinding, { relatedPlaces }: ClientAbilities): Diagnostic {
  const { rule, site, message, related } = finding;
  const data: FindingData = { siteId, rule };
  return {
    range: rangeOf(document, site.fact.nameSpan),
    message: `${message}\n${summary}`,
    severity: severities[severity],
    source: 'percpu-lens',
    code: rule,
    data,
    ...(relatedPlaces ? { relatedInformation: related.map((one) => ({ message: one.message, location: { uri: document.uri, range: rangeOf(document, one.span) } })) } : {}),
  };
}
