import * as vscode from 'vscode';
import type { SiteLoad } from '../../server/src/protocol/simulation';
import { type LoadField, loadFields, loadOf, loadProblem } from '../views/siteLoad';

/** Asks how often a site is created, for how long it lives, by how many CPUs; undefined when the person left. */
export async function chooseLoad(name: string): Promise<SiteLoad | undefined> {
  const texts: Record<LoadField, string> = { rate: '', lifetime: '', concurrency: '' };
  for (const { id, label, empty } of loadFields) {
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('Simulate {0}', name), prompt: vscode.l10n.t('{0}; empty: {1}', label, empty), ignoreFocusOut: true, validateInput: (typed) => loadProblem(id, typed),
    });
    if (text === undefined) return undefined;
    texts[id] = text;
  }
  return loadOf(texts);
}
