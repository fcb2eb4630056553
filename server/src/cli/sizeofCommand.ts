import { kernelBtf } from '../workspace/kernelBtf';
import { nodeSourceTree } from '../workspace/nodeSourceTree';
import { typeSizes } from '../workspace/treeTypes';
import { kernelConfiguration } from '../workspace/kernelConfiguration';
import { exitCodes, UsageError, type Io } from './io';
import { analysedRoot } from './analysedRoot';
import { readOptions, rootFolder } from './options';

export const sizeofUsage = 'sizeof TYPE… [--root ROOT] [--arch x86_64|arm64] [--kconfig FILE] [--no-btf] [--format text|json]';

/** Prints size and alignment of types of the tree, with where they come from. */
export function sizeofCommand(args: readonly string[], io: Io): Promise<number> {
  const options = readOptions(args, ['text', 'json']);
  if (options.positionals.length === 0) throw new UsageError(`name a type, like "struct rq"`);
  const { root, headers, builtConfig } = analysedRoot(rootFolder({ ...options, positionals: [] }));
  const configuration = kernelConfiguration(headers ?? root, options.kconfig ?? builtConfig, options.arch);
  const sizes = typeSizes({ tree: nodeSourceTree(root, headers), arch: options.arch, configuration, btf: kernelBtf(headers ?? root, options.btf) }, options.positionals);
  const lines = sizes.map(({ name, size, align, reason }) =>
    size === null ? `${name}: unknown because ${reason}\n` : `${name}: ${size} bytes, alignment ${align ?? 'unknown'} (${reason})\n`,
  );
  io.out(options.format === 'json' ? `${JSON.stringify(sizes, null, 2)}\n` : lines.join(''));
  return Promise.resolve(exitCodes.done);
}
