/**
 * Runs one task at a time; of the calls that come while one runs only the last is run after it.
 * Keeps a dragged slider from queueing an evaluation per pixel.
 */
export function latestOnly<Arguments extends readonly unknown[]>(
  task: (...values: Arguments) => Promise<void>,
  onError: (error: unknown) => void,
): (...values: Arguments) => void {
  let running = false;
  let waiting: Arguments | undefined;
  const run = (values: Arguments): void => {
    running = true;
    task(...values)
      .catch(onError)
      .finally(() => {
        running = false;
        const next = waiting;
        waiting = undefined;
        if (next !== undefined) run(next);
      });
  };
  return (...values) => {
    if (running) waiting = values;
    else run(values);
  };
}
