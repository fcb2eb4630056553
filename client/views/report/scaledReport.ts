import type { ReportReply } from '../../../server/src/protocol/requests';

/**
 * The report with its bytes at another count of possible CPUs, at once: a footprint is proportional to the count.
 * Times are not, and stay as they are until the server has evaluated them.
 */
export function scaledReport(report: ReportReply, cpus: number): ReportReply {
  const factor = cpus / report.cpus.possible;
  const bytes = (footprint: number): number => Math.round(footprint * factor);
  const { totals } = report;
  return {
    ...report,
    cpus: { possible: cpus, online: Math.min(cpus, Math.max(1, Math.round(report.cpus.online * factor))) },
    totals: { ...totals, footprint: bytes(totals.footprint), by_class: totals.by_class.map((total) => ({ ...total, footprint: bytes(total.footprint) })) },
    sites: report.sites.map((site) => (site.footprint === null ? site : { ...site, footprint: bytes(site.footprint) })),
    objects: report.objects.map((object) => ({ ...object, footprint: bytes(object.footprint) })),
  };
}
