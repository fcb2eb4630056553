import type { ListedSite, ReportHostMessage } from '../messages';
import type { WholeReport } from './pricedReport';

type Beginning = Extract<ReportHostMessage, { type: 'report' }>;

export interface Delivery {
  /** A report of which sites will follow; undefined until all have. */
  begin(beginning: Beginning): WholeReport | undefined;
  add(revision: number, sites: readonly ListedSite[]): WholeReport | undefined;
}

/** Puts a report together from the parts in which it is sent; a newer one replaces what has not arrived in full. */
export function createDelivery(): Delivery {
  let begun: Beginning | undefined;
  let sites: ListedSite[] = [];
  const whole = (): WholeReport | undefined => {
    if (begun === undefined || sites.length < begun.siteCount) return undefined;
    const { report: head, prices, assumption, difference } = begun;
    begun = undefined;
    return { head, sites, prices, assumption, difference };
  };
  return {
    begin: (next) => {
      begun = next;
      sites = [];
      return whole();
    },
    add: (revision, part) => {
      if (begun?.report.revision !== revision) return undefined;
      sites.push(...part);
      return whole();
    },
  };
}
