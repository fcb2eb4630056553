import type { ReportSite } from '../../../server/src/protocol/report';
import type { ReportReply } from '../../../server/src/protocol/requests';

export interface Delivery {
  /** A report of which this many sites will follow; undefined until all have. */
  begin(report: ReportReply, siteCount: number): ReportReply | undefined;
  add(revision: number, sites: readonly ReportSite[]): ReportReply | undefined;
}

/** Puts a report together from the parts in which it is sent; a newer one replaces what has not arrived in full. */
export function createDelivery(): Delivery {
  let report: ReportReply | undefined;
  let expected = 0;
  let sites: ReportSite[] = [];
  const whole = (): ReportReply | undefined => {
    if (report === undefined || sites.length < expected) return undefined;
    const made = { ...report, sites };
    report = undefined;
    return made;
  };
  return {
    begin: (next, siteCount) => {
      report = next;
      expected = siteCount;
      sites = [];
      return whole();
    },
    add: (revision, part) => {
      if (report?.revision !== revision) return undefined;
      sites.push(...part);
      return whole();
    },
  };
}
