/** Strings of the language in use by their English text; the extension host writes them into the page. */
const bundle = readBundle();

/** The string in the language in use, `{0}` and so on replaced; English where there is no other. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  return (bundle[text] ?? text).replaceAll(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

interface Page {
  readonly document?: { getElementById(id: string): { readonly textContent: string | null } | null };
}

/** Nothing outside a page, where some of these strings are used too. */
function readBundle(): Readonly<Record<string, string>> {
  const text = (globalThis as Page).document?.getElementById('l10n')?.textContent ?? '';
  return text.trim() === '' ? {} : (JSON.parse(text) as Readonly<Record<string, string>>);
}
