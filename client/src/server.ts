import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { NotificationName, Notifications, RequestName, Requests } from '../../server/src/protocol/requests';

/** The server as panels and commands see it: typed requests and notifications. Requests wait until it runs. */
export interface Server {
  request<Name extends RequestName>(
    name: Name,
    params: Requests[Name]['params'],
    cancellation?: vscode.CancellationToken,
  ): Promise<Requests[Name]['result']>;
  onNotification<Name extends NotificationName>(name: Name, handler: (params: Notifications[Name]) => void): vscode.Disposable;
}

/** `running` resolves when the client has started and rejects where it could not. */
export function serverOf(client: LanguageClient, running: Promise<void>): Server {
  const emitters = new Map<NotificationName, vscode.EventEmitter<unknown>>();
  return {
    request: async (name, params, cancellation) => {
      await running;
      // An undefined token would go out as a second parameter.
      return cancellation === undefined ? client.sendRequest(name, params) : client.sendRequest(name, params, cancellation);
    },
    // The client keeps one handler per notification; several panels may listen.
    onNotification: <Name extends NotificationName>(name: Name, handler: (params: Notifications[Name]) => void) => {
      const emitter = emitters.get(name) ?? listen(client, name, emitters);
      return emitter.event((params) => handler(params as Notifications[Name]));
    },
  };
}

function listen(client: LanguageClient, name: NotificationName, emitters: Map<NotificationName, vscode.EventEmitter<unknown>>): vscode.EventEmitter<unknown> {
  const emitter = new vscode.EventEmitter<unknown>();
  emitters.set(name, emitter);
  client.onNotification(name, (params: unknown) => emitter.fire(params));
  return emitter;
}
