import * as vscode from 'vscode';
import type { Report } from '../../server/src/protocol/report';
import type { ExportFormat, ReportViewMessage } from '../views/messages';
import { reportText } from './reportText';

const filters: Readonly<Record<ExportFormat, Record<string, string[]>>> = {
  csv: { 'Comma-separated values': ['csv'] },
  json: { JSON: ['json'] },
  markdown: { Markdown: ['md'] },
  sarif: { SARIF: ['sarif'] },
  html: { 'Web page': ['html'] },
};

/** Asks where to and writes the sites in the order shown. */
export async function exportReport(report: Report, { format, siteIds, compared }: Extract<ReportViewMessage, { type: 'export' }>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const [extension = format] = Object.values(filters[format]).flat();
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export the percpu cost report'),
    filters: filters[format],
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `percpu-report.${extension}`) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(reportText(report, format, siteIds, compared), 'utf8'));
}
