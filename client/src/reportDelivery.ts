import type { MachineList, ReportReply } from '../../server/src/protocol/requests';
import type { ReportHostMessage } from '../views/messages';

/** Sites of one message: few enough that the panel takes them between two frames. */
const sitesPerMessage = 200;

/** Sends a report to its panel in parts, so that taking in a whole tree stops neither a key press nor a dragged slider. */
export async function sendReport(report: ReportReply, machines: MachineList, state: unknown, send: (message: ReportHostMessage) => void): Promise<void> {
  const { sites, ...rest } = report;
  send({ type: 'report', report: { ...rest, sites: [] }, machines, siteCount: sites.length, ...(state === undefined ? {} : { state }) });
  for (let from = 0; from < sites.length; from += sitesPerMessage) {
    send({ type: 'sites', revision: report.revision, sites: sites.slice(from, from + sitesPerMessage) });
    await new Promise((resolve) => setTimeout(resolve));
  }
}
