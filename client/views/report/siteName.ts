import type { ReportSite } from '../../../server/src/protocol/report';
import { t } from '../l10n';

/** What a site is called where its API is said beside it: the function around it, or the variable that it defines. */
export function siteName({ function: enclosing, variable }: Pick<ReportSite, 'function' | 'variable'>): string {
  return enclosing ?? variable ?? t('file scope');
}
