import * as vscode from 'vscode';
import type {
  ScenarioItem, ScenarioList, SimulateParams, SiteToSimulate, StrategyChoicesParams, StrategyChoicesReply,
} from '../../server/src/protocol/simulationRequests';
import type { SimulationPlan } from '../views/messages';
import { chooseLoad } from './siteLoadInput';
import { chooseMix } from './scenarioMix';
import { chooseStrategies, fewStrategies } from './strategyPicker';
import { chooseSweep, sweepUpTo } from './sweepChoice';

const siteScenario = 'site';

/** What is known only once the questions before are answered. */
export interface SimulationAnswers {
  siteAtCursor(): Promise<SiteToSimulate>;
  strategiesFor(params: StrategyChoicesParams): Promise<StrategyChoicesReply>;
}

/** Asks for scenario, CPU sweep and strategies; undefined when the person left. */
export async function chooseSimulation(list: ScenarioList, answers: SimulationAnswers): Promise<SimulationPlan | undefined> {
  const scenario = await chooseScenario(list.scenarios);
  if (scenario === undefined) return undefined;
  const what = scenario === 'several' ? await chosenMix(list) : scenario.id === siteScenario ? await chosenSite(scenario, answers) : named(scenario);
  if (what === undefined) return undefined;
  const cpus = await chooseSweep(list.machine.cpus);
  if (cpus === undefined) return undefined;
  const reply = await answers.strategiesFor({ ...what.params, cpus });
  if (reply.state === 'refused') throw new Error(reply.reason);
  const strategies = await chooseStrategies(list.strategies, reply.strategies, what.strategies);
  return strategies === undefined ? undefined : plan(what, cpus, strategies, list);
}

/** What is to be simulated, before CPUs and strategies. */
interface Subject {
  readonly title: string;
  /** Those that change it on the machine in force. */
  readonly strategies: readonly string[];
  readonly params: Pick<SimulateParams, 'scenario' | 'mix' | 'siteId' | 'load'>;
}

function named({ id, title, strategies }: ScenarioItem): Subject {
  return { title, strategies, params: { scenario: id } };
}

async function chosenMix(list: ScenarioList): Promise<Subject | undefined> {
  const mix = await chooseMix(list.scenarios.filter(({ id, available }) => available && id !== siteScenario));
  if (mix === undefined) return undefined;
  const parts = mix.map((part) => list.scenarios.find(({ id }) => id === part.scenario));
  return {
    title: parts.map((part) => part?.title ?? '').join(vscode.l10n.t(' beside ')),
    strategies: [...new Set(parts.flatMap((part) => part?.strategies ?? []))],
    params: { scenario: mix.map(({ scenario, share }) => `${scenario}=${String(share)}`).join(','), mix },
  };
}

async function chosenSite({ title }: ScenarioItem, { siteAtCursor }: Pick<SimulationAnswers, 'siteAtCursor'>): Promise<Subject | undefined> {
  const site = await siteAtCursor();
  if (site.siteId === null) {
    void vscode.window.showInformationMessage(`Percpu Lens: ${site.reason}`);
    return undefined;
  }
  const load = await chooseLoad(site.name);
  return load === undefined ? undefined : { title: `${title}: ${site.name}`, strategies: site.strategies, params: { scenario: siteScenario, siteId: site.siteId, load } };
}

/** The plan for one site, all questions answered: back to back, the strategies advised for it, up to the machine's CPUs. */
export function planForSite(list: ScenarioList, site: SiteToSimulate & { readonly siteId: string }): SimulationPlan {
  const subject: Subject = {
    title: site.name, strategies: site.strategies,
    params: { scenario: siteScenario, siteId: site.siteId, load: { rate_per_s: null, lifetime_ns: null, concurrency: null } },
  };
  return plan(subject, sweepUpTo(list.machine.cpus), site.strategies.slice(0, fewStrategies), list);
}

function plan({ title, strategies: possible, params }: Subject, cpus: readonly number[], strategies: readonly string[], list: ScenarioList): SimulationPlan {
  const titles = list.strategies.map((strategy) => [strategy.id, strategy.title] as const);
  return {
    params: { run: newRun(), ...params, cpus, strategies, seed: 1 },
    scenarioTitle: title,
    strategyTitles: Object.fromEntries([['baseline', vscode.l10n.t('as the kernel does it')], ...titles]),
    choices: { strategies: [...new Set([...possible, ...strategies])], machines: list.machines.map(({ name }) => name), kernel: list.kernel, machine: list.machine.name },
  };
}

let runs = 0;

/** An id for the notices of one run, unique in this window. */
export function newRun(): string {
  runs += 1;
  return `run-${String(runs)}-${String(Date.now())}`;
}

async function chooseScenario(scenarios: readonly ScenarioItem[]): Promise<ScenarioItem | 'several' | undefined> {
  const items = scenarios.map((scenario) => ({
    label: scenario.title,
    description: scenario.available ? (scenario.own ? 'percpu.toml' : '') : vscode.l10n.t('cannot be run'),
    detail: scenario.description,
    scenario,
  }));
  const several = {
    label: vscode.l10n.t('Several beside each other…'), description: '', detail: vscode.l10n.t('Two or more of these at once, each on its share of the CPUs.'), scenario: 'several' as const,
  };
  const chosen = await vscode.window.showQuickPick([...items, several], {
    title: vscode.l10n.t('Simulate (1 of 3): what every CPU does'), placeHolder: vscode.l10n.t('A path of the kernel, on every CPU'), matchOnDetail: true, ignoreFocusOut: true,
  });
  if (chosen === undefined || chosen.scenario === 'several' || chosen.scenario.available) return chosen?.scenario;
  void vscode.window.showInformationMessage(vscode.l10n.t('Percpu Lens: “{0}” cannot be simulated: {1}', chosen.scenario.title, chosen.scenario.description));
  return undefined;
}
