import * as vscode from 'vscode';
import type { SetMachineParams } from '../../server/src/protocol/requests';
import type { ReportHostMessage, ReportViewMessage } from '../views/messages';
import { parseCpuCount } from '../views/cpuCount';
import { compareWith } from './compareWith';
import { reasonOf } from './errorReason';
import { exportReport } from './exportReport';
import type { Machines } from './machines';
import { openFunction, openSource } from './openSource';
import type { Server } from './server';

export interface ReportHost {
  readonly server: Server;
  readonly machines: Machines;
  readonly send: (message: ReportHostMessage) => void;
  readonly root: () => string | null;
  readonly load: () => void;
  readonly follow: (on: boolean) => void;
  readonly keep: (state: unknown) => Thenable<void>;
}

/** Does what the report panel asks for. */
export function createReportHandler(host: ReportHost): (message: ReportViewMessage) => Promise<void> {
  const { server, send } = host;
  return async (message) => {
    switch (message.type) {
      case 'ready':
      case 'reload':
        host.load();
        return;
      case 'prices':
        send({ type: 'prices', ask: message.ask, reply: await server.request('percpuLens/prices', message.params).catch(refusal) });
        return;
      case 'shapes':
        send({ type: 'shapes', kernel: message.kernel, reply: await server.request('percpuLens/shapes', { kernel: message.kernel }) });
        return;
      case 'open':
        await inRoot(host, (root) => openSource(root, message.place, message.beside));
        return;
      case 'openFunction':
        await inRoot(host, (root) => openFunction(root, message.file, message.name));
        return;
      case 'details':
        send({ type: 'details', siteId: message.siteId, reply: await server.request('percpuLens/siteDetails', { siteId: message.siteId, cpus: message.cpus }) });
        return;
      case 'setMachine':
        await setMachine(host, message.machine);
        return;
      case 'simulate':
        await vscode.commands.executeCommand('percpuLens.simulateSite', { siteId: message.siteId });
        return;
      case 'follow':
        host.follow(message.on);
        return;
      case 'state':
        await host.keep(message.state);
        return;
      case 'export':
        // What is shown may be priced for another machine than what was sent first.
        await exportReport(await server.request('percpuLens/report', {}), message);
        return;
      case 'chooseCommit':
        await compareWith(server, undefined).catch((error: unknown) => send({ type: 'notCompared', reason: reasonOf(error) }));
    }
  };
}

/** The panel waits for an answer before it asks again. */
function refusal(error: unknown): { readonly state: 'refused'; readonly reason: string } {
  return { state: 'refused', reason: reasonOf(error) };
}

async function inRoot({ root }: ReportHost, use: (root: string) => Promise<void>): Promise<void> {
  const directory = root();
  if (directory !== null) await use(directory);
}

async function setMachine({ machines, send }: ReportHost, params: SetMachineParams): Promise<void> {
  const problem = params.cpus === undefined ? undefined : problemOf(params.cpus);
  const reply = problem === undefined ? await machines.set(params) : { accepted: false as const, reason: problem };
  if (!reply.accepted) send({ type: 'refused', reason: reply.reason });
}

function problemOf(cpus: number): string | undefined {
  const count = parseCpuCount(String(cpus));
  return 'problem' in count ? count.problem : undefined;
}
