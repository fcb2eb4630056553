/** A canvas of so many CSS pixels, sharp on any screen, its context in CSS pixels; null where the page gives none. */
export function fitted(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${String(width)}px`;
  canvas.style.height = `${String(height)}px`;
  const context = canvas.getContext('2d');
  context?.scale(ratio, ratio);
  return context;
}

/** Draws anew when the area has another size or the editor another theme: a canvas does neither by itself. */
export function whenSizeOrThemeChanges(area: HTMLElement, draw: () => void): void {
  new ResizeObserver(draw).observe(area);
  whenThemeChanges(draw);
}

/** The editor says its theme by a class of the page. */
export function whenThemeChanges(draw: () => void): void {
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
