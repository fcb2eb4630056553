import { either, field, list, type Made, mapped, type Shape, table, text } from '../util/shape';

/** Advice or findings that a project has decided against, with the reason. */
export interface Suppression {
  /** Pattern of files relative to the root: `fs/ext4/*.c`, `drivers/**`; null: any. */
  readonly file: string | null;
  /** Enclosing function; null: any. */
  readonly function: string | null;
  /** Strategies and rules; `all` stands for every one. */
  readonly ids: readonly string[];
  readonly reason: string;
}

/** What a finding or an advice is about. */
export interface Suppressible {
  readonly file: string;
  readonly function: string | null;
  readonly id: string;
}

/** The first suppression that covers it; null where none does. */
export function suppressionOf(suppressions: readonly Suppression[], subject: Suppressible): Suppression | null {
  return suppressions.find((one) => covers(one, subject)) ?? null;
}

function covers(suppression: Suppression, { file, function: name, id }: Suppressible): boolean {
  return (
    (suppression.ids.includes('all') || suppression.ids.includes(id)) &&
    (suppression.function === null || suppression.function === name) &&
    (suppression.file === null || patternOf(suppression.file).test(file))
  );
}

const patterns = new Map<string, RegExp>();

/** `*` is any run within a folder's name, `**` any folders, `?` one character. */
function patternOf(glob: string): RegExp {
  const known = patterns.get(glob);
  if (known !== undefined) return known;
  const source = glob.replace(/\*\*\/|\*+|\?|[\\^$.|+()[\]{}]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token.startsWith('**')) return '.*';
    if (token === '*') return '[^/]*';
    return token === '?' ? '[^/]' : `\\${token}`;
  });
  const pattern = new RegExp(`^${source}$`);
  patterns.set(glob, pattern);
  return pattern;
}

export const suppressionShape: Shape<Suppression> = mapped(
  table(
    {
      id: field(either(text(), list(text())), 'Id of a strategy or rule, a list of ids, or "all".'),
      reason: field(text(), 'Why: it is shown wherever the finding would be.'),
    },
    {
      file: field(text(), 'Files it holds for, relative to the root: "fs/ext4/*.c", "drivers/**".'),
      function: field(text(), 'The function around the call.'),
    },
  ),
  ({ id, reason, file, function: name }): Made<Suppression> => {
    if (reason.trim() === '') return { fault: '"reason" is empty: say why, for whoever finds it next' };
    if (file === undefined && name === undefined) return { fault: 'a suppression has to name a "file" pattern or a "function"; to switch a rule off everywhere use [rules]' };
    return { value: { file: file ?? null, function: name ?? null, ids: typeof id === 'string' ? [id] : id, reason } };
  },
);
