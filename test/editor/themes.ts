import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { frameOf, seriousFindings } from './accessibility';
import { faintTexts } from './contrast';
import type { Workbench } from './workbench';

export interface Theme {
  readonly name: string;
  readonly setting: string;
  /** Class of the window, and of every panel in it. */
  readonly window: string;
  readonly panel: string;
}

/** Each kind that the editor has. */
export const themes: readonly Theme[] = [
  { name: 'dark', setting: 'Default Dark Modern', window: 'vs-dark', panel: 'vscode-dark' },
  { name: 'light', setting: 'Default Light Modern', window: 'vs', panel: 'vscode-light' },
  { name: 'high-contrast', setting: 'Default High Contrast', window: 'hc-black', panel: 'vscode-high-contrast' },
];

/** A view in the code, in a theme after the other: brought up anew in each by `show`, and a picture taken. */
export async function inThemes(workbench: Workbench, looked: readonly Theme[], picture: string, show: () => Promise<unknown>): Promise<void> {
  const findings: string[] = [];
  for (const theme of looked) {
    await choose(workbench, theme);
    await show();
    // Faded in by then; until it is, its contrast is less.
    await workbench.screenshot(`${picture}-${theme.name}`);
    findings.push(...(await hoverFindings(workbench)).map((finding) => `${theme.name}: ${finding}`));
    await workbench.page.keyboard.press('Escape');
  }
  expect(findings).toEqual([]);
}

/** Of what we say in a hover; the editor's own part of it is not ours. */
async function hoverFindings({ page }: Workbench): Promise<readonly string[]> {
  const ours = '.monaco-hover:not(.hidden) .rendered-markdown';
  return (await page.locator(ours).count()) === 0 ? [] : seriousFindings(page, ours);
}

/** What is open of a panel, in a theme after the other: a picture of each, no faint text, no serious accessibility finding. */
export async function panelInThemes(workbench: Workbench, looked: readonly Theme[], picture: string): Promise<void> {
  const panel = workbench.panel();
  const findings: string[] = [];
  for (const theme of looked) {
    await choose(workbench, theme);
    await expect.poll(() => panel.locator('body').getAttribute('class')).toMatch(new RegExp(`\\b${theme.panel}(?!-)`));
    await workbench.screenshot(`${picture}-${theme.name}`);
    const found = [...(await faintTexts(panel)), ...(await seriousFindings(await frameOf(panel)))];
    findings.push(...found.map((finding) => `${theme.name}: ${finding}`));
  }
  expect(findings).toEqual([]);
}

/** By the settings of the folder, which the editor watches; those of the user it reads once. */
async function choose({ page, folder }: Workbench, { setting, window }: Theme): Promise<void> {
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': setting }));
  await expect.poll(async () => (await page.locator('.monaco-workbench').first().getAttribute('class'))?.split(' ')).toContain(window);
}
