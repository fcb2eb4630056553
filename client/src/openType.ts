import * as vscode from 'vscode';
import { openPlace } from './openSource';
import type { Server } from './server';

/** Shows the definition of the type that a site allocates; rejects with the reason where it is not known. */
export async function openType(server: Server, siteId: string | undefined): Promise<void> {
  if (siteId === undefined) throw new Error('open a type from the hover of a percpu call');
  const reply = await server.request('percpuLens/typeDefinition', { siteId });
  if (reply.place === null) throw new Error(reply.reason);
  await openPlace(vscode.Uri.parse(reply.place.uri), reply.place.line);
}
