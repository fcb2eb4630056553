/** A value that is computed when it is first asked for, and then kept. */
export function onDemand<T>(compute: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => (known ??= { value: compute() }).value;
}
