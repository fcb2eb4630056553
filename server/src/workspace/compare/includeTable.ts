/** Which files each file's types are read from: a row of bits for each, over one list of names. */
export interface IncludeTable {
  readonly names: readonly string[];
  /** Base64 of a bit for each name. */
  readonly rows: Readonly<Record<string, string>>;
}

export function includeTable(includes: ReadonlyMap<string, readonly string[]>): IncludeTable {
  return withUnits({ names: [], rows: {} }, includes);
}

/** The table with further rows, or others in place of its own. Rows are as long as there were names when they were made. */
export function withUnits({ names, rows }: IncludeTable, units: ReadonlyMap<string, readonly string[]>): IncludeTable {
  const places = new Map(names.map((name, at) => [name, at]));
  for (const unit of units.values()) for (const name of unit) if (!places.has(name)) places.set(name, places.size);
  const bytes = Math.ceil(places.size / 8);
  const row = (unit: readonly string[]): string => {
    const bits = Buffer.alloc(bytes);
    for (const name of unit) {
      const at = places.get(name) ?? 0;
      bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
    }
    return bits.toString('base64');
  };
  return { names: [...places.keys()], rows: { ...rows, ...Object.fromEntries([...units].map(([file, unit]) => [file, row(unit)])) } };
}

export function includesIn({ names, rows }: IncludeTable, isAsked: (file: string) => boolean = () => true): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(rows).filter(([file]) => isAsked(file)).map(([file, row]) => [file, namesOf(names, Buffer.from(row, 'base64'))]));
}

function namesOf(names: readonly string[], bits: Buffer): readonly string[] {
  return names.filter((_, at) => ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0);
}

/** Files whose types are read from one of the given. */
export function includersOf({ names, rows }: IncludeTable, wanted: ReadonlySet<string>): ReadonlySet<string> {
  const places = names.flatMap((name, at) => (wanted.has(name) ? [at] : []));
  if (places.length === 0) return new Set();
  const includers = Object.entries(rows).filter(([, row]) => {
    const bits = Buffer.from(row, 'base64');
    return places.some((at) => ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0);
  });
  return new Set(includers.map(([file]) => file));
}
