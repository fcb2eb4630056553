type Bundle = Readonly<Record<string, string>>;

/** Strings of the language in use by their English text; the extension host writes them into the page. */
let bundle = readBundle();

/** The string in the language in use, `{0}` and so on replaced; English where there is no other. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  return (bundle[text] ?? text).replaceAll(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

/** For the extension host, which has the strings at hand and uses some of what the views say. */
export function useBundle(strings: Bundle): void {
  bundle = strings;
}

interface Page {
  readonly document?: { getElementById(id: string): { readonly textContent: string | null } | null };
}

/** Nothing outside a page. */
function readBundle(): Bundle {
  const text = (globalThis as Page).document?.getElementById('l10n')?.textContent ?? '';
  return text.trim() === '' ? {} : (JSON.parse(text) as Bundle);
}
