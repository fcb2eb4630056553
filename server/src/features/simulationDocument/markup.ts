/** Text into HTML or SVG: nothing of it is ever markup. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** `<name a="b">children</name>`; children are markup already. */
export function tag(name: string, attributes: Readonly<Record<string, string | number>>, children = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('');
  return children === '' && selfClosing.has(name) ? `<${name}${list}/>` : `<${name}${list}>${children}</${name}>`;
}

const selfClosing = new Set(['line', 'path', 'rect', 'circle', 'polyline', 'polygon']);

export function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headCells = head.map((cell) => tag('th', { scope: 'col' }, escaped(cell))).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => (index === 0 ? tag('th', { scope: 'row' }, escaped(cell)) : tag('td', {}, escaped(cell))));
    return tag('tr', {}, cells.join(''));
  });
  return tag('table', {}, `${tag('caption', {}, escaped(caption))}${tag('thead', {}, tag('tr', {}, headCells))}${tag('tbody', {}, body.join('\n'))}`);
}
