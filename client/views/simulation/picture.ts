import { themeColour } from '../lineStyle';

/** A drawing with its heading. */
export interface Drawn {
  readonly title: string;
  readonly canvas: HTMLCanvasElement;
}

const margin = 16;
const headHeight = 26;

/** All drawings below each other in one picture, as base64 of a PNG; null where there is none. */
export function pictureOf(heading: string, legend: readonly string[], drawn: readonly Drawn[]): string | null {
  if (drawn.length === 0) return null;
  const scale = devicePixelRatio;
  const width = Math.max(...drawn.map(({ canvas }) => canvas.width)) / scale + 2 * margin;
  const top = margin + headHeight + legend.length * 16;
  const height = drawn.reduce((sum, { canvas }) => sum + headHeight + canvas.height / scale + margin, top);
  const page = document.createElement('canvas');
  page.width = width * scale;
  page.height = height * scale;
  const context = page.getContext('2d');
  if (context === null) return null;
  context.scale(scale, scale);
  context.fillStyle = themeColour('--vscode-editor-background');
  context.fillRect(0, 0, width, height);
  context.fillStyle = themeColour('--vscode-foreground');
  context.textBaseline = 'top';
  context.font = 'bold 15px sans-serif';
  context.fillText(heading, margin, margin);
  context.font = '12px sans-serif';
  legend.forEach((line, index) => context.fillText(line, margin, margin + headHeight + index * 16));
  let y = top;
  for (const { title, canvas } of drawn) {
    context.font = 'bold 13px sans-serif';
    context.fillStyle = themeColour('--vscode-foreground');
    context.fillText(title, margin, y);
    context.drawImage(canvas, margin, y + headHeight - 6, canvas.width / scale, canvas.height / scale);
    y += headHeight + canvas.height / scale + margin;
  }
  return page.toDataURL('image/png').replace('data:image/png;base64,', '');
}
