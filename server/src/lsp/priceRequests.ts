import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { machineAt } from '../features/machines';
import { hottestLockOf } from '../features/hottestLock';
import { priceOfShape, shapeByNumber, shapesOf } from '../features/prices';
import { formatKernelVersion, parseKernelVersion } from '../kernel/version';
import type { MachineProfile } from '../machine/profile';
import type { WirePrice } from '../protocol/report';
import type { PriceSetting, PricesParams, PricesReply, ShapesParams, ShapesReply } from '../protocol/requests';
import { inTurns } from '../util/turns';
import { machineNamed } from '../workspace/machineInForce';
import { assumedKernel } from '../workspace/rootSession';
import { withMachine } from '../workspace/snapshot';
import type { ServerState } from './serverState';

/** What a panel asks for while its slider moves: prices of the lives that it shows, on any machine. */
export function answerPriceRequests(connection: Connection, state: ServerState): void {
  connection.onRequest('percpuLens/prices', (params: PricesParams, token: CancellationToken) => prices(state, params, token));
  connection.onRequest('percpuLens/shapes', (params: ShapesParams): unknown => shapes(state, params));
}

async function prices(state: ServerState, params: PricesParams, token: CancellationToken): Promise<PricesReply> {
  const machine = machineFor(state, params);
  if (typeof machine === 'string') return { state: 'refused', reason: machine };
  const snapshot = state.mainSnapshot();
  const timesNotModelled = snapshot?.timesNotModelled ?? null;
  const kernel = snapshot?.kernel ?? assumedKernel;
  const made = await inTurns(pricesInTurns(params.shapes, { machine, kernel, timesNotModelled }), token);
  const { name, topology } = machine;
  const hottestLock = params.hottestLock === true && snapshot !== null ? { hottest_lock: hottestLockOf(withMachine(snapshot, machine)) } : {};
  return { state: 'priced', machine: name, kernel: params.kernel ?? formatKernelVersion(kernel), cpus: { possible: topology.possibleCpus, online: topology.onlineCpus }, prices: made, ...hottestLock };
}

function* pricesInTurns(shapes: readonly number[], setting: Parameters<typeof priceOfShape>[1]): Generator<void, readonly WirePrice[]> {
  const made: WirePrice[] = [];
  for (const shape of shapes.flatMap((number) => shapeByNumber(number) ?? [])) {
    made.push(priceOfShape(shape, setting));
    yield;
  }
  return made;
}

/** The machine asked for; a sentence where there is none such. */
function machineFor(state: ServerState, { machine, cpus }: PriceSetting): MachineProfile | string {
  const base = machine === undefined ? state.machine() : machineNamed(machine, state.profiles());
  return base === undefined ? `There is no machine ${machine ?? ''}.` : machineAt(base, cpus);
}

function shapes(state: ServerState, { kernel }: ShapesParams): ShapesReply {
  const version = parseKernelVersion(kernel);
  const snapshot = state.mainSnapshot();
  if (version === undefined) return { state: 'refused', reason: `“${kernel}” is no kernel version such as 6.1.` };
  if (snapshot === null) return { state: 'refused', reason: 'No folder is open.' };
  return { state: 'done', sites_revision: state.sitesRevision(), shapes: shapesOf(snapshot, version) };
}
