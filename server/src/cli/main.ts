import { checkCommand, checkUsage } from './checkCommand';
import { exitCodes, UsageError, type Io } from './io';
import { diffCommand, diffUsage } from './diffCommand';
import { explainCommand, explainUsage } from './explainCommand';
import { NoConfiguration } from '../workspace/kernelConfiguration';
import { replayCommand, replayUsage } from './replayCommand';
import { reportCommand, reportUsage } from './reportCommand';
import { serveCommand, serveUsage } from './serveCommand';
import { simulateCommand } from './simulateCommand';
import { strategiesCommand, strategiesUsage } from './strategiesCommand';
import { simulateUsage } from './simulateOptions';
import { geometryCommand, geometryUsage } from './geometryCommand';
import { machineCommand, machineUsage } from './machineCommand';
import { sizeofCommand, sizeofUsage } from './sizeofCommand';
import { sitesCommand, sitesUsage } from './sitesCommand';
import { validateCommand, validateUsage } from './validateCommand';

export interface CliOptions {
  /** Script of the facts process. */
  readonly factsEntry: string;
  /** Script of the thread that reads blobs. */
  readonly blobEntry: string;
  /** Script of the language server. */
  readonly serverEntry: string;
  readonly processes: number;
  readonly version: string;
}

interface Command {
  readonly usage: string;
  readonly run: (args: readonly string[], io: Io) => Promise<number>;
}

/** Runs one command line; the result is the exit code. Nothing is thrown. */
export async function runCommandLine(args: readonly string[], io: Io, options: CliOptions): Promise<number> {
  const commands = commandTable(options);
  const [name, ...rest] = args;
  if (name === undefined) {
    io.err(helpText(commands));
    return exitCodes.usage;
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    io.out(helpText(commands));
    return exitCodes.done;
  }
  if (name === '--version') {
    io.out(`percpu-lens ${options.version}\n`);
    return exitCodes.done;
  }
  const command = commands.get(name);
  if (command === undefined) {
    io.err(`percpu-lens: no command ${name}; there are ${[...commands.keys()].join(', ')}\n`);
    return exitCodes.usage;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(`percpu-lens ${command.usage}\n`);
    return exitCodes.done;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof UsageError || error instanceof NoConfiguration) {
      io.err(`percpu-lens ${name}: ${error.message}\n`);
      return exitCodes.usage;
    }
    io.err(`percpu-lens ${name}: a fault of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return exitCodes.fault;
  }
}

function commandTable(options: CliOptions): ReadonlyMap<string, Command> {
  const { factsEntry, serverEntry, processes } = options;
  return new Map<string, Command>([
    ['sites', { usage: sitesUsage, run: (args, io) => sitesCommand(args, io, factsEntry, processes) }],
    ['diff', { usage: diffUsage, run: (args, io) => diffCommand(args, io, options) }],
    ['explain', { usage: explainUsage, run: (args, io) => explainCommand(args, io, factsEntry, processes) }],
    ['strategies', { usage: strategiesUsage, run: (args, io) => strategiesCommand(args, io, factsEntry, processes) }],
    ['simulate', { usage: simulateUsage, run: (args, io) => simulateCommand(args, io, { factsEntry, processes }) }],
    ['sizeof', { usage: sizeofUsage, run: (args, io) => sizeofCommand(args, io) }],
    ['geometry', { usage: geometryUsage, run: (args, io) => geometryCommand([...args], io) }],
    ['replay', { usage: replayUsage, run: (args, io) => replayCommand([...args], io) }],
    ['machine', { usage: machineUsage, run: (args, io) => machineCommand(args, io) }],
    ['validate', { usage: validateUsage, run: (args, io) => validateCommand(args, io) }],
    ['serve', { usage: serveUsage, run: (args) => serveCommand(args, serverEntry) }],
    ['check', { usage: checkUsage, run: (args, io) => checkCommand(args, io, factsEntry, processes) }],
    ['report', { usage: reportUsage, run: (args, io) => reportCommand(args, io, factsEntry, processes) }],
  ]);
}

function helpText(commands: ReadonlyMap<string, Command>): string {
  const lines = [...commands.values()].map(({ usage }) => `  percpu-lens ${usage}\n`);
  return `What the percpu allocations of a kernel tree cost.\n\n${lines.join('')}`;
}
