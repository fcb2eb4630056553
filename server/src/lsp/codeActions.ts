import { type CodeAction, CodeActionKind, type CodeActionParams, CodeActionTriggerKind, type Connection, type TextEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { findingsIn, type ReportedFinding } from '../features/findings';
import { fixedText, ignoreComment } from '../features/findingEdits';
import { clientCommands, switches } from '../protocol/requests';
import type { Span } from '../util/text';
import type { ClientAbilities } from './clientAbilities';
import { guarded } from './guarded';
import type { Ask, Question } from './question';
import { overlap, rangeOf } from './ranges';
import type { ServerState } from './serverState';
import { type FindingData } from './ruleDiagnostics';

interface Served {
  readonly connection: Connection;
  readonly state: ServerState;
  readonly ask: Ask;
  readonly client: () => ClientAbilities;
}

/** How long an answer that was asked for by hand waits for the document's sites, ms. */
const invokedPatience = 6_000;

/** Kinds of code actions, for `initialize`. */
export const codeActionKinds: string[] = [CodeActionKind.QuickFix, `${CodeActionKind.Source}.percpuLens`];

/** Quick fixes for findings, and switches for what is shown beside the code, at percpu calls or where they are asked for. */
export function answerCodeActions({ connection, state, ask, client }: Served): void {
  connection.onCodeAction(
    guarded(connection, [], async (params, token): Promise<CodeAction[]> => {
      if (!client().codeActions) return [];
      // Whoever asks by hand waits for the answer; a light bulb does not.
      const isInvoked = params.context.triggerKind === CodeActionTriggerKind.Invoked;
      const question = await ask(params.textDocument.uri, token, isInvoked ? invokedPatience : undefined);
      if (question === null) return [];
      const span = { start: question.document.offsetAt(params.range.start), end: question.document.offsetAt(params.range.end) };
      const fixes = wants(params, CodeActionKind.QuickFix) && state.settings.diagnostics.enabled ? fixesAt(question, span, params, client()) : [];
      return [...fixes, ...(offersSwitches(params, question, span) ? switchActions(state) : [])];
    }),
  );
}

function wants({ context: { only } }: CodeActionParams, kind: string): boolean {
  return only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
}

function fixesAt({ document, file, snapshot }: Question, span: Span, params: CodeActionParams, abilities: ClientAbilities): CodeAction[] {
  return findingsIn(snapshot, file)
    .filter(({ finding, suppressed }) => suppressed === null && overlap(finding.site.fact.span, span))
    .flatMap((one) => actionsFor(document, one, params, abilities));
}

function actionsFor(document: TextDocument, reported: ReportedFinding, { context }: CodeActionParams, { commandLinks }: ClientAbilities): CodeAction[] {
  const { finding, siteId } = reported;
  const diagnostics = context.diagnostics.filter(({ data }) => {
    const known = data as FindingData | undefined;
    return known?.siteId === siteId && known.rule === finding.rule;
  });
  const edited = (title: string, edit: TextEdit, isPreferred: boolean): CodeAction => ({
    title, kind: CodeActionKind.QuickFix, diagnostics, isPreferred, edit: { changes: { [document.uri]: [edit] } },
  });
  const text = document.getText();
  const replaced = fixedText(text, finding);
  const comment = ignoreComment(text, finding);
  const at = document.positionAt(comment.offset);
  return [
    ...(replaced === null || finding.fix === null ? [] : [edited(finding.fix.title, { range: rangeOf(document, finding.fix.span), newText: replaced }, true)]),
    edited(`Ignore ${finding.rule} here: write the reason into the comment`, { range: { start: at, end: at }, newText: comment.text }, false),
    ...(commandLinks ? [{ title: 'Show in the cost report', kind: CodeActionKind.QuickFix, diagnostics, command: { title: 'Show in the cost report', command: clientCommands.showReport, arguments: [{ siteId }] } }] : []),
  ];
}

/** In menus of source actions always; else only where the cursor is on a percpu call, so that no other line gets a light bulb. */
function offersSwitches({ context: { only } }: CodeActionParams, { file, snapshot }: Question, span: Span): boolean {
  if (only !== undefined) return only.some((one) => one === CodeActionKind.Source || one.startsWith(`${CodeActionKind.Source}.percpuLens`));
  return (snapshot.sites.get(file) ?? []).some(({ site }) => overlap(site.fact.nameSpan, span));
}

function switchActions({ settings }: ServerState): CodeAction[] {
  return switches.map(({ command, section, what }) => {
    const title = `Percpu Lens: ${settings[section].enabled ? 'Hide' : 'Show'} ${what}`;
    return { title, kind: `${CodeActionKind.Source}.percpuLens.${section}`, command: { title, command } };
  });
}
