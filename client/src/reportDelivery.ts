import type { DifferenceReply } from '../../server/src/protocol/comparison';
import type { ReportSite, WirePrice } from '../../server/src/protocol/report';
import type { MachineList, ReportReply } from '../../server/src/protocol/requests';
import type { ListedSite, ReportHostMessage } from '../views/messages';

/** Sites of one message: few enough that the panel takes them between two frames. */
const sitesPerMessage = 200;

/** Sends a report to its panel in parts, so that taking in a whole tree stops neither a key press nor a dragged slider. */
export async function sendReport(
  report: ReportReply, difference: DifferenceReply, machines: MachineList, state: unknown, send: (message: ReportHostMessage) => void,
): Promise<void> {
  const { sites, ...head } = report;
  const assumption = sites.find(({ contention }) => contention !== null)?.contention?.assumption ?? '';
  const prices = pricesWithin(sites, report.shapes);
  send({ type: 'report', report: head, prices, assumption, machines, siteCount: sites.length, difference, ...(state === undefined ? {} : { state }) });
  for (let from = 0; from < sites.length; from += sitesPerMessage) {
    send({ type: 'sites', revision: report.revision, sites: sites.slice(from, from + sitesPerMessage).map(listed) });
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The prices that the sites of a report came with: one of each shape. */
function pricesWithin(sites: readonly ReportSite[], shapes: readonly (number | null)[]): readonly WirePrice[] {
  const prices = new Map<number, WirePrice>();
  sites.forEach(({ create, destroy, locks, contention }, index) => {
    const shape = shapes[index] ?? null;
    if (shape === null || prices.has(shape)) return;
    prices.set(shape, { shape, create, destroy, locks, knee_cpus: contention?.knee_cpus ?? null, bottleneck: contention?.bottleneck ?? null });
  });
  return [...prices.values()];
}

/** What the table needs of a site: a tenth of all. */
function listed(site: ReportSite): ListedSite {
  const { id, api, kind, file, line, column, in_macro, first_argument, variable, type, size, size_source, size_reason, count, footprint, accounted_by, frequency_class, advice } = site;
  return { id, api, kind, file, line, column, function: site.function, in_macro, first_argument, variable, type, size, size_source, size_reason, count, footprint, accounted_by, frequency_class, advice };
}
