import type { SiteFact } from '../facts/fileFacts';

/** A call site as `sites` prints it: one JSON object a line. */
export interface SiteRow {
  readonly api: string;
  readonly family: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string | null;
  readonly in_macro: boolean;
  readonly first_argument: string | null;
  readonly via: readonly string[];
}

export function siteRow(file: string, site: SiteFact): SiteRow {
  return {
    api: site.api,
    family: site.family,
    kind: site.kind,
    file,
    line: site.line,
    column: site.column,
    function: site.function,
    in_macro: site.inMacro,
    first_argument: site.arguments[0] ?? null,
    via: [],
  };
}
