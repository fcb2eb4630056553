import { type InitializeParams, MarkupKind } from 'vscode-languageserver/node';
import type { InitializationOptions } from '../protocol/requests';

/** What the client at the other end can show or do, as far as answers differ by it. */
export interface ClientAbilities {
  /** Runs `command:` links and has the commands of `clientCommands`. */
  readonly commandLinks: boolean;
  /** Shows Markdown in hovers. */
  readonly markdown: boolean;
  /** Asks for the diagnostics of a document itself. */
  readonly pullsDiagnostics: boolean;
  /** Asks again when told that diagnostics have changed. */
  readonly refreshesDiagnostics: boolean;
  /** Shows places related to a diagnostic. */
  readonly relatedPlaces: boolean;
  /** Takes code actions that are more than commands. */
  readonly codeActions: boolean;
}

/** Before `initialize`, and for a client that says nothing, the least. */
export function abilitiesOf(client: InitializeParams | null): ClientAbilities {
  const document = client?.capabilities.textDocument;
  const own = client?.initializationOptions as InitializationOptions | undefined;
  return {
    commandLinks: own?.commandLinks === true,
    markdown: document?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    pullsDiagnostics: document?.diagnostic !== undefined,
    refreshesDiagnostics: client?.capabilities.workspace?.diagnostics?.refreshSupport === true,
    relatedPlaces: document?.diagnostic?.relatedInformation === true || document?.publishDiagnostics?.relatedInformation === true,
    codeActions: document?.codeAction?.codeActionLiteralSupport !== undefined,
  };
}
