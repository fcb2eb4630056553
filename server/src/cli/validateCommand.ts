import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { publishedFigures } from '../estimate/publishedFigures';
import { validate, type ValidationRow } from '../estimate/validate';
import { parseFigures, type PublishedFigure } from '../estimate/validationRow';
import { validationMarkdown } from '../estimate/validationTable';
import { twoDigits } from '../util/format';
import { reasonOf } from '../workspace/sourceFiles';
import { exitCodes, UsageError, type Io } from './io';
import { alignedTable } from './table';

export const validateUsage = 'validate [--rows FILE] [--format text|json|markdown]';

/** Holds the model against published figures: exit 1 where one fails. */
export function validateCommand(args: readonly string[], io: Io): Promise<number> {
  const { rows: file, format } = optionsOf(args);
  const rows = validate(file === null ? publishedFigures : figuresIn(file));
  io.out(format === 'json' ? `${JSON.stringify({ rows }, null, 2)}\n` : format === 'markdown' ? `${validationMarkdown(rows)}\n` : table(rows));
  return Promise.resolve(rows.some(({ verdict }) => verdict === 'fail') ? exitCodes.found : exitCodes.done);
}

function optionsOf(args: readonly string[]): { readonly rows: string | null; readonly format: string } {
  const formats = ['text', 'json', 'markdown'];
  try {
    const { values } = parseArgs({ args: [...args], options: { rows: { type: 'string' }, format: { type: 'string' } } });
    const format = values.format ?? 'text';
    if (!formats.includes(format)) throw new UsageError(`--format ${format}: this command knows ${formats.join(', ')}`);
    return { rows: values.rows ?? null, format };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function figuresIn(file: string): readonly PublishedFigure[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--rows ${file}: ${reasonOf(error)}`);
  }
  const figures = parseFigures(text);
  if (!figures.ok) throw new UsageError(`--rows ${file}: ${figures.message}`);
  return figures.rows;
}

function table(rows: readonly ValidationRow[]): string {
  const cells = rows.map(({ id, use, metric, published, predicted, verdict, reason }) => [
    id,
    use,
    metric,
    String(published),
    predicted === null ? 'not modelled' : predicted.low === predicted.high ? predicted.mid.toLocaleString('en-US') : `${twoDigits(predicted.low)} – ${twoDigits(predicted.high)}`,
    verdict,
    reason,
  ]);
  const head = ['figure', 'use', 'metric', 'published', 'predicted', 'verdict', 'reason'];
  return alignedTable(head, cells);
}
