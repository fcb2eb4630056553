/** A task that waits until nobody has called for it for a while. */
export interface Settling {
  call(): void;
  /** Drops a call that waits. */
  cancel(): void;
}

/** Runs `task` once `pause` ms after the last of any number of calls. */
export function settling(pause: number, task: () => void): Settling {
  let timer: NodeJS.Timeout | undefined;
  return {
    call: () => {
      clearTimeout(timer);
      timer = setTimeout(task, pause);
    },
    cancel: () => clearTimeout(timer),
  };
}
