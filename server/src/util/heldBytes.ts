/** What V8 needs for an object, a list or a map beside its entries, and for an entry; pointers are compressed nowhere in Node. */
const ofObject = 32;
const ofEntry = 8;
const ofMapEntry = 24;
/** A text takes one byte a character as nearly all of C does. */
const ofText = 24;
/** Nobody waits longer than a second or two for a figure like this. */
const mostValues = 5_000_000;

/**
 * About how many bytes plain data takes: objects, lists, maps, sets and texts, each counted once. What is in `counted`
 * is left out, and what is counted is added to it, so that parts that share data add up.
 */
export function heldBytes(value: unknown, counted: Set<unknown> = new Set()): number {
  let bytes = 0;
  const waiting: unknown[] = [value];
  for (let values = 0; waiting.length > 0 && values < mostValues; values++) {
    const one = waiting.pop();
    if ((typeof one !== 'object' || one === null) && typeof one !== 'string') continue;
    if (counted.has(one)) continue;
    counted.add(one);
    if (typeof one === 'string') bytes += ofText + one.length;
    else bytes += shallowBytes(one, waiting);
  }
  return bytes;
}

/** Of the object itself; what it refers to is added to `inside`. */
function shallowBytes(value: object, inside: unknown[]): number {
  if (ArrayBuffer.isView(value)) return ofObject + value.byteLength;
  if (value instanceof Map) {
    for (const [key, entry] of value) inside.push(key, entry);
    return ofObject + value.size * ofMapEntry;
  }
  const entries: unknown[] = value instanceof Set ? [...(value as Set<unknown>)] : Object.values(value);
  for (const entry of entries) inside.push(entry);
  return ofObject + entries.length * (value instanceof Set ? ofMapEntry : ofEntry);
}
