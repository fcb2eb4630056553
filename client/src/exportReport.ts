import * as vscode from 'vscode';
import type { ReportReply } from '../../server/src/protocol/requests';
import type { ExportFormat } from '../views/messages';
import { reportText } from './reportText';

const filters: Readonly<Record<ExportFormat, Record<string, string[]>>> = {
  csv: { 'Comma-separated values': ['csv'] },
  json: { JSON: ['json'] },
  markdown: { Markdown: ['md'] },
};

/** Asks where to and writes the sites in the order shown. */
export async function exportReport(report: ReportReply, format: ExportFormat, siteIds: readonly string[]): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const extension = format === 'markdown' ? 'md' : format;
  const target = await vscode.window.showSaveDialog({
    title: 'Export the percpu cost report',
    filters: filters[format],
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `percpu-report.${extension}`) }),
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(reportText(report, format, siteIds), 'utf8'));
}
