import type { SiteFact } from '../facts/fileFacts';
import { variableName } from '../features/variableName';
import type { ReportSite } from '../protocol/report';

/** A call site as `sites` prints it, one JSON object a line: what the report says of it before anything is resolved. */
export type SiteRow = Pick<
  ReportSite,
  'api' | 'family' | 'kind' | 'file' | 'line' | 'column' | 'function' | 'in_macro' | 'first_argument' | 'variable' | 'via'
>;

export function siteRow(file: string, site: SiteFact, via: readonly string[] = []): SiteRow {
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
    variable: variableName(site),
    via,
  };
}
