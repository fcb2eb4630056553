import { publishedFigures } from '../estimate/publishedFigures';
import type { PublishedFigure } from '../estimate/validationRow';
import { machineByName } from '../machine/builtIn';
import { parseKernelVersion } from '../kernel/version';
import type { PublishedPoint, SimulationReport, SimulationResult } from '../protocol/simulation';
import { scenarioFactories } from '../scenario/catalogue';

/** A result with the throughputs that were published for its scenario, on whatever machine. */
export function withPublished(result: SimulationResult): SimulationReport {
  return { ...result, published: publishedPoints(result.scenario) };
}

export function publishedPoints(scenario: string): readonly PublishedPoint[] {
  return publishedFigures.filter((figure) => figure.scenario === scenario && figure.metric === 'ops_per_s').map(pointOf);
}

function pointOf(figure: PublishedFigure): PublishedPoint {
  const { id, clients, published, kernel, source, use, bound, note } = figure;
  const machine = typeof figure.machine === 'string' ? figure.machine : 'a machine described in the figure';
  return {
    id, clients, kernel, machine, source,
    cpus: cpusOf(figure),
    throughput_per_s: published,
    strategies: figure.after ?? figure.before,
    use: bound === null ? use : `${use}, ${bound}`,
    note,
  };
}

/** Where a scenario has so many clients whatever the machine, the machine's CPUs; else those that ran it. */
function cpusOf({ scenario, machine, clients, kernel }: PublishedFigure): number {
  const version = parseKernelVersion(kernel);
  const fixed = version === undefined ? null : (scenarioFactories.get(scenario)?.(version, 1).clients ?? null);
  if (fixed === null) return clients;
  return typeof machine === 'string' ? (machineByName(machine)?.topology.possibleCpus ?? clients) : machine.possible;
}
