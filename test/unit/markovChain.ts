/** One station a visit, first come first served with exponential service; a think station for the rest. */
export interface ExponentialNetwork {
  readonly think: number;
  readonly services: readonly number[];
  readonly clients: number;
}

/**
 * Throughput and mean numbers by the balance equations of the continuous-time Markov chain, solved by elimination:
 * states are the counts of clients at each station, visited in a ring think → 0 → 1 → … → think.
 */
export function solveMarkovChain({ think, services, clients }: ExponentialNetwork): { throughput: number; queues: number[] } {
  const stations = services.length + 1;
  const states = compositions(clients, stations);
  const index = new Map(states.map((state, at) => [state.join(), at]));
  const rates = states.map(() => new Map<number, number>());
  states.forEach((state, from) => {
    for (let station = 0; station < stations; station++) {
      const present = state[station] ?? 0;
      if (present === 0) continue;
      const rate = station === 0 ? present / think : 1 / (services[station - 1] ?? 1);
      const next = [...state];
      next[station] = present - 1;
      const to = (station + 1) % stations;
      next[to] = (next[to] ?? 0) + 1;
      const at = index.get(next.join()) ?? 0;
      rates[from]?.set(at, (rates[from].get(at) ?? 0) + rate);
    }
  });
  const probability = stationary(rates);
  const queues = services.map((_, station) => mean(states, probability, (state) => state[station + 1] ?? 0));
  return { throughput: mean(states, probability, (state) => (state[0] ?? 0) / think), queues };
}

function mean(states: readonly number[][], probability: readonly number[], value: (state: readonly number[]) => number): number {
  return states.reduce((sum, state, at) => sum + value(state) * (probability[at] ?? 0), 0);
}

function compositions(total: number, parts: number): number[][] {
  if (parts === 1) return [[total]];
  return Array.from({ length: total + 1 }, (_, first) => compositions(total - first, parts - 1).map((rest) => [first, ...rest])).flat();
}

/** Solves πQ = 0, Σπ = 1 by Gaussian elimination with partial pivoting. */
function stationary(rates: readonly ReadonlyMap<number, number>[]): number[] {
  const size = rates.length;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  rates.forEach((out, from) => {
    let total = 0;
    for (const [to, rate] of out) {
      total += rate;
      const row = matrix[to];
      if (row !== undefined) row[from] = (row[from] ?? 0) + rate;
    }
    const own = matrix[from];
    if (own !== undefined) own[from] = (own[from] ?? 0) - total;
  });
  const last = matrix[size - 1];
  if (last !== undefined) last.fill(1);
  eliminate(matrix, size);
  return matrix.map((row, at) => (row[size] ?? 0) / (row[at] ?? 1));
}

function eliminate(matrix: Float64Array[], size: number): void {
  for (let column = 0; column < size; column++) {
    let best = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row]?.[column] ?? 0) > Math.abs(matrix[best]?.[column] ?? 0)) best = row;
    }
    const pivot = matrix[best] ?? new Float64Array(size + 1);
    matrix[best] = matrix[column] ?? pivot;
    matrix[column] = pivot;
    for (let row = 0; row < size; row++) {
      const target = matrix[row];
      if (row === column || target === undefined) continue;
      const factor = (target[column] ?? 0) / (pivot[column] ?? 1);
      if (factor === 0) continue;
      for (let at = column; at <= size; at++) target[at] = (target[at] ?? 0) - factor * (pivot[at] ?? 0);
    }
  }
}
