/** Runs `task` soon, once for however many calls come within `interval` ms; the last call is never lost. */
export function throttle(interval: number, task: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  return () => {
    if (timer !== undefined) return;
    const wait = Math.max(0, last + interval - Date.now());
    timer = setTimeout(() => {
      timer = undefined;
      last = Date.now();
      task();
    }, wait);
  };
}
