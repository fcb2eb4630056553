import type { SimulationReport } from '../../protocol/simulation';
import type { DocumentFormat } from '../../protocol/simulationRequests';
import { toCsv } from '../../util/csv';
import { resultPage, throughputSvg } from './resultPage';
import { simulationRows } from './resultRows';

/** A result as the text of a file, the same that the command line writes. */
export function resultDocument(report: SimulationReport, format: DocumentFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'csv':
      return toCsv(simulationRows(report));
    case 'svg':
      return throughputSvg(report);
    case 'html':
      return resultPage(report);
  }
}
