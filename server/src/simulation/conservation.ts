import type { EngineState } from './engineState';

/**
 * The laws that hold for any run, whatever the model: flow balance (who came is gone or still here) and Little's
 * law (time average of the number waiting = arrival rate × mean wait, waits cut at the window's ends). Simulated
 * time adds exactly, so both are checked for equality. Answers the violations; none in a sound run.
 */
export function violations(state: EngineState): string[] {
  return [...state.model.locks.flatMap(({ name }, lock) => lockViolations(state, lock, name)), ...objectViolations(state)];
}

function lockViolations(state: EngineState, lock: number, name: string): string[] {
  const { arrivals, grants, releases, waiting, waitingAtStart, holder, heldAtStart, waitNs, heldNs } = state.lock;
  const found: string[] = [];
  const wait = (arrivals[lock] ?? 0) + (waitingAtStart[lock] ?? 0) - (grants[lock] ?? 0);
  if (wait !== waiting[lock]) found.push(`${name}: ${String(wait)} should wait, ${String(waiting[lock])} do`);
  const held = (grants[lock] ?? 0) + (heldAtStart[lock] ?? 0) - (releases[lock] ?? 0);
  if (held !== ((holder[lock] ?? -1) < 0 ? 0 : 1)) found.push(`${name}: held ${String(held)} times at once`);
  const area = queueArea(state, lock);
  const waited = (waitNs[lock] ?? 0) + waitsInProgress(state, lock);
  if (area !== waited) found.push(`${name}: Little's law: area ${String(area)} ns, waits ${String(waited)} ns`);
  const elapsed = state.now - state.windowStart;
  if ((heldNs[lock] ?? 0) > elapsed) found.push(`${name}: held ${String(heldNs[lock])} ns of ${String(elapsed)} ns`);
  return found;
}

function objectViolations(state: EngineState): string[] {
  const { created, destroyed, live, liveAtStart } = state.object;
  return [...live].flatMap((alive, object) => {
    const expected = (liveAtStart[object] ?? 0) + (created[object] ?? 0) - (destroyed[object] ?? 0);
    return alive === expected && alive >= 0 ? [] : [`object ${String(object)}: ${String(alive)} live, ${String(expected)} expected`];
  });
}

/** Integral of the number waiting over the window, ns. */
export function queueArea(state: EngineState, lock: number): number {
  const { queueArea: area, queueSince, waiting } = state.lock;
  return (area[lock] ?? 0) + (waiting[lock] ?? 0) * (state.now - (queueSince[lock] ?? 0));
}

/** ns waited so far in the window by those who still wait. */
export function waitsInProgress(state: EngineState, lock: number): number {
  const { waitsFor, waitStart } = state.client;
  let waited = 0;
  for (let client = 0; client <= state.clients; client += 1) {
    if (waitsFor[client] === lock) waited += state.now - (waitStart[client] ?? 0);
  }
  return waited;
}
