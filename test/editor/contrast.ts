import type { FrameLocator } from 'playwright-core';

/** Texts of a panel whose contrast against what is behind them is below 4.5:1, with their ratio. */
export function faintTexts(panel: FrameLocator): Promise<readonly string[]> {
  return panel.locator('body').evaluate<readonly string[], unknown>(`(${script})(document.body)`);
}

/** Runs in the panel. */
const script = `(body) => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => { const c = v / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; })
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (top, below) => { const a = top[3] ?? 1; return [0, 1, 2].map((i) => top[i] * a + below[i] * (1 - a)); };
  const background = (node) => {
    const chain = [];
    for (let at = node; at; at = at.parentElement) chain.push(parse(getComputedStyle(at).backgroundColor));
    return chain.reverse().reduce((below, top) => (top.length < 3 ? below : over(top, below)), [255, 255, 255]);
  };
  const faint = [];
  for (const node of body.querySelectorAll('*')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== '');
    if (!own || node.closest('script, svg, [hidden], option, datalist') || node.getClientRects().length === 0) continue;
    const below = background(node);
    const [a, b] = [luminance(over(parse(getComputedStyle(node).color), below)), luminance(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(node.className + ' ' + node.textContent.trim().slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return faint;
}`;
