const palette = ['--vscode-charts-blue', '--vscode-charts-orange', '--vscode-charts-green', '--vscode-charts-purple', '--vscode-charts-red', '--vscode-charts-yellow'];
const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [1, 4]];

/** A colour of the theme as it is now; `currentColor` where the theme has none. */
export function themeColour(variable: string): string {
  const value = getComputedStyle(document.body).getPropertyValue(variable).trim();
  return value === '' ? 'currentColor' : value;
}

export function lineColour(index: number): string {
  return themeColour(palette[index % palette.length] ?? '--vscode-foreground');
}

/** The colour as a style says it: it follows the theme. */
export function lineVariable(index: number): string {
  return `var(${palette[index % palette.length] ?? '--vscode-foreground'}, currentColor)`;
}

/** Lines differ by dash as well as by colour; where colours come again, with another dash. */
export function lineDash(index: number): number[] {
  const shifted = index + Math.floor(index / palette.length);
  return [...(dashes[shifted % dashes.length] ?? [])];
}

/** Of the lines behind a chart: faint in every theme, in high contrast too. */
export function gridColour(): string {
  const value = themeColour('--vscode-foreground');
  return isHex(value) ? `${value}2e` : themeColour('--vscode-editorIndentGuide-background1');
}

/** The colour at a fifth of its strength, for a band; none where the theme's colour is not written as #rrggbb. */
export function bandColour(index: number): string {
  const value = lineColour(index);
  return isHex(value) ? `${value}33` : 'transparent';
}

function isHex(colour: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(colour);
}
