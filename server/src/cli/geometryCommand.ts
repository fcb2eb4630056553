import { parseArgs } from 'node:util';
import { geometryAnswer, geometryDefaults, geometryText, type GeometryDefaults, type GeometryRequest } from '../recording/geometryAnswer';
import { exitCodes, type Io } from './io';
import { parseNodeCpus } from './nodeCpus';

export const geometryUsage = [
  'geometry --cpus N --static-size S [--node-cpus 0-3/4-7] [--reserved-size R] [--dyn-size D] [--atom-size A]',
  '[--page-size P] [--first-chunk embed|page] [--kernel X.Y] [--format text|json]',
].join(' ');

const optionTable = {
  cpus: { type: 'string' },
  'node-cpus': { type: 'string' },
  'static-size': { type: 'string' },
  'reserved-size': { type: 'string' },
  'dyn-size': { type: 'string' },
  'atom-size': { type: 'string' },
  'page-size': { type: 'string' },
  'first-chunk': { type: 'string' },
  kernel: { type: 'string' },
  format: { type: 'string' },
} as const;

type OptionName = keyof typeof optionTable;
type Values = Readonly<Partial<Record<OptionName, string>>>;

/** No kernel has more possible CPUs: CONFIG_NR_CPUS is at most 8192 on x86-64. */
const MOST_CPUS = 8192;
/** A unit is addressed with an int, and the largest atom is a gigabyte page. */
const LARGEST_SIZE = 256 * 1024 * 1024;
const LARGEST_ATOM = 1024 * 1024 * 1024;
const pageSizes = [4096, 16384, 65536];

/**
 * `percpu-lens geometry`: the first chunk as a kernel with these sizes and CPUs builds it. JSON of the contract, or the
 * lines that the kernel prints. Exit 2 with one line for values that no kernel has.
 */
export function geometryCommand(args: readonly string[], io: Io): Promise<number> {
  const wrong = (message: string): number => {
    io.err(`percpu-lens geometry: ${message}\n`);
    return exitCodes.usage;
  };
  return Promise.resolve().then(() => {
    const options = readOptions(args);
    if (!options.ok) return wrong(options.message);
    const { format = 'text' } = options.values;
    if (format !== 'json' && format !== 'text') return wrong(`--format ${format}: text and json are known`);
    const request = readRequest(options.values);
    if (!request.ok) return wrong(request.message);
    io.out(format === 'json' ? `${JSON.stringify(geometryAnswer(request.value))}\n` : geometryText(request.value));
    return exitCodes.done;
  });
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

function readOptions(args: readonly string[]): { readonly ok: true; readonly values: Values } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, values: parseArgs({ args: joinNegative(args), options: optionTable, allowPositionals: false }).values };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

/** `--cpus -1` is a value that is wrong, not an option that is missing its value. */
function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const previous = joined.at(-1);
    if (/^-\d/.test(arg) && previous?.startsWith('--') === true && !previous.includes('=')) joined[joined.length - 1] = `${previous}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function readRequest(values: Values): Read<GeometryRequest> {
  const firstChunk = values['first-chunk'] ?? 'embed';
  if (firstChunk !== 'embed' && firstChunk !== 'page') return fail(`--first-chunk ${firstChunk}: embed and page are known`);
  const kernel = readKernel(values.kernel);
  if (kernel === null) return fail(`--kernel ${values.kernel ?? ''}: write it like 6.12`);
  const cpus = readCount(values, 'cpus', { least: 1, most: MOST_CPUS, fallback: null });
  if (!cpus.ok) return cpus;
  const nodes = parseNodeCpus(values['node-cpus'] ?? `0-${cpus.value - 1}`, cpus.value);
  if (!nodes.ok) return fail(`--node-cpus ${values['node-cpus'] ?? ''}: ${nodes.message}`);
  const sizes = readSizes(values, geometryDefaults(kernel, firstChunk), firstChunk);
  return sizes.ok ? { ok: true, value: { ...sizes.value, firstChunk, nodes: nodes.nodes } } : sizes;
}

type Sizes = Omit<GeometryRequest, 'firstChunk' | 'nodes'>;

function readSizes(values: Values, defaults: GeometryDefaults, firstChunk: GeometryRequest['firstChunk']): Read<Sizes> {
  const pageSize = readCount(values, 'page-size', { least: 4096, most: 65536, fallback: 4096 });
  if (!pageSize.ok) return pageSize;
  if (!pageSizes.includes(pageSize.value)) return fail(`--page-size ${pageSize.value}: ${pageSizes.join(', ')} are known`);
  const staticSize = readCount(values, 'static-size', { least: 1, most: LARGEST_SIZE, fallback: null });
  if (!staticSize.ok) return staticSize;
  const reservedSize = readCount(values, 'reserved-size', { least: 0, most: LARGEST_SIZE, fallback: defaults.reservedSize });
  if (!reservedSize.ok) return reservedSize;
  if (reservedSize.value % 4 !== 0) return fail(`--reserved-size ${reservedSize.value}: not a multiple of 4`);
  const least = firstChunk === 'page' ? 0 : 1;
  const dynamicSize = readCount(values, 'dyn-size', { least, most: LARGEST_SIZE, fallback: defaults.dynamicSize });
  if (!dynamicSize.ok) return dynamicSize;
  const atomSize = readCount(values, 'atom-size', { least: pageSize.value, most: LARGEST_ATOM, fallback: 2 * 1024 * 1024 });
  if (!atomSize.ok) return atomSize;
  if (!Number.isInteger(Math.log2(atomSize.value))) return fail(`--atom-size ${atomSize.value}: not a power of two`);
  // A size printed by a kernel is never below its floor: without --kernel no kernel's floor is forced on it.
  const floor = values.kernel !== undefined || dynamicSize.value === 0 ? defaults.leastDynamicSize : 0;
  return {
    ok: true,
    value: {
      staticSize: staticSize.value,
      reservedSize: reservedSize.value,
      dynamicSize: Math.max(dynamicSize.value, floor),
      atomSize: atomSize.value,
      pageSize: pageSize.value,
    },
  };
}

function fail(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}

function readKernel(text: string | undefined): { readonly major: number; readonly minor: number } | null {
  if (text === undefined) return { major: 6, minor: 12 };
  const match = /^v?(\d{1,3})\.(\d{1,3})(?:[.\-+].*)?$/.exec(text.trim());
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}

interface Range {
  readonly least: number;
  readonly most: number;
  /** Taken where the option is absent; null: it must be there. */
  readonly fallback: number | null;
}

function readCount(values: Values, name: OptionName, range: Range): Read<number> {
  const text = values[name];
  if (text === undefined) return range.fallback === null ? fail(`--${name} is missing`) : { ok: true, value: range.fallback };
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) return fail(`--${name} ${text}: not a whole number`);
  if (value < range.least || value > range.most) return fail(`--${name} ${text}: not from ${range.least} to ${range.most}`);
  return { ok: true, value };
}
