import * as vscode from 'vscode';
import type { ScenarioItem, ScenarioList, StrategyItem } from '../../server/src/protocol/simulationRequests';
import type { SimulationPlan } from '../views/messages';

/** Needs a site, which a hover or the report gives. */
const siteScenario = 'site';

/** A site of the report, as far as a simulation needs it. */
export interface SiteToSimulate {
  readonly id: string;
  readonly advice: readonly string[];
}

const sweeps: readonly (readonly [string, readonly number[]])[] = [
  ['1 to 64 CPUs', [1, 2, 4, 8, 16, 32, 64]],
  ['1 to 256 CPUs', [1, 2, 4, 8, 16, 32, 64, 128, 192, 256]],
  ['1 to 512 CPUs', [1, 4, 16, 64, 128, 256, 512]],
];

/** Asks for scenario, CPU sweep and strategies; undefined when the person left. */
export async function chooseSimulation(list: ScenarioList): Promise<SimulationPlan | undefined> {
  const scenario = await chooseScenario(list.scenarios.filter(({ id }) => id !== siteScenario));
  if (scenario === undefined) return undefined;
  const cpus = await chooseSweep();
  if (cpus === undefined) return undefined;
  const strategies = await chooseStrategies(list.strategies.filter((strategy) => scenario.strategies.includes(strategy.id)));
  if (strategies === undefined) return undefined;
  return plan(scenario, cpus, strategies.map(({ id }) => id), list);
}

/** Lines that a chart of a run chosen by us has beside the baseline. */
const fewStrategies = 3;
/** Those of the thread that began it; compared first where they change the scenario. */
const preferred: readonly string[] = ['grouping', 'ctor-dtor', 'dual-mode'];

function firstChoice(strategies: readonly string[]): readonly string[] {
  const liked = preferred.filter((id) => strategies.includes(id));
  return liked.length > 0 ? liked : strategies.slice(0, fewStrategies);
}

/** The plan for one site, all questions answered: the strategies advised for it, up to the machine's CPUs. */
export function planForSite(list: ScenarioList, site: SiteToSimulate, machineCpus: number): SimulationPlan | undefined {
  const scenario = list.scenarios.find(({ id }) => id === siteScenario);
  if (scenario?.available !== true) return undefined;
  const advised = site.advice.filter((id) => scenario.strategies.includes(id)).slice(0, fewStrategies);
  const strategies = advised.length > 0 ? advised : firstChoice(scenario.strategies);
  const cpus = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].filter((count) => count < machineCpus);
  return plan(scenario, [...cpus, machineCpus], strategies, list, site.id);
}

function plan(scenario: ScenarioItem, cpus: readonly number[], strategies: readonly string[], list: ScenarioList, siteId?: string): SimulationPlan {
  const titles = list.strategies.map(({ id, title }) => [id, title] as const);
  return {
    params: { run: newRun(), scenario: scenario.id, cpus, strategies, seed: 1, ...(siteId === undefined ? {} : { siteId }) },
    scenarioTitle: scenario.title,
    strategyTitles: Object.fromEntries([['baseline', 'as the kernel does it'], ...titles]),
  };
}

let runs = 0;

/** An id for the notices of one run, unique in this window. */
export function newRun(): string {
  runs += 1;
  return `run-${String(runs)}-${String(Date.now())}`;
}

async function chooseScenario(scenarios: readonly ScenarioItem[]): Promise<ScenarioItem | undefined> {
  const items = scenarios.map((scenario) => ({
    label: scenario.title,
    description: scenario.available ? '' : 'not modelled yet',
    detail: scenario.description,
    scenario,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Simulate (1 of 3): what every CPU does', placeHolder: 'A path of the kernel, back to back on every CPU', matchOnDetail: true });
  if (chosen?.scenario.available !== false) return chosen?.scenario;
  void vscode.window.showInformationMessage(`Percpu Lens: “${chosen.scenario.title}” cannot be simulated: ${chosen.scenario.description}`);
  return undefined;
}

async function chooseSweep(): Promise<readonly number[] | undefined> {
  const items = sweeps.map(([label, cpus]) => ({ label, description: cpus.join(', '), cpus }));
  return (await vscode.window.showQuickPick(items, { title: 'Simulate (2 of 3): on how many CPUs' }))?.cpus;
}

async function chooseStrategies(strategies: readonly StrategyItem[]): Promise<readonly StrategyItem[] | undefined> {
  if (strategies.length === 0) return [];
  const picked = firstChoice(strategies.map(({ id }) => id));
  const items = strategies.map((strategy) => ({
    label: strategy.title,
    description: strategy.standing,
    ...(strategy.objection === null ? {} : { detail: `Objection: ${strategy.objection}` }),
    picked: picked.includes(strategy.id),
    strategy,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Simulate (3 of 3): strategies beside the kernel as it is',
    placeHolder: 'The kernel as it is is always run',
    canPickMany: true,
  });
  return chosen?.map(({ strategy }) => strategy);
}
