import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, FrameLocator, Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The frame of a panel, which alone evaluates without the page's own policy. */
export async function frameOf(panel: FrameLocator): Promise<Frame> {
  const frame = await (await panel.locator('body').elementHandle()).ownerFrame();
  if (frame === null) throw new Error('the panel has no frame');
  return frame;
}

/**
 * Serious and critical findings of axe-core in a document, or in the part of it that a selector names, a line each.
 * Evaluated from outside, so the page's own policy stays as it is.
 */
export async function seriousFindings(document: Page | Frame, within = 'html'): Promise<string[]> {
  await document.evaluate(`${source}; undefined`);
  const violations = await document.evaluate<readonly Violation[]>(`axe.run(${JSON.stringify(within)}, { resultTypes: ['violations'] }).then((result) => result.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replaceAll('\n', ' ')}`));
}
