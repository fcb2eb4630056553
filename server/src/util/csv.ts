/** Rows as RFC 4180 text with a header line; lists are joined by spaces. */
export function toCsv(rows: readonly object[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const columns = Object.keys(first);
  const lines = rows.map((row) => {
    const values = row as Readonly<Record<string, unknown>>;
    return columns.map((column) => field(values[column])).join(',');
  });
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function field(value: unknown): string {
  const text = plain(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(plain).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
