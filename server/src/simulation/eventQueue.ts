/**
 * The pending events: a binary heap over typed arrays, earliest first; the order of ties follows from the order of
 * calls, so it repeats. A slot is a client or one of the kernel's own actors and has at most one event pending, so
 * the heap never grows. Unused places hold Infinity.
 */
export interface EventQueue {
  readonly times: Float64Array;
  readonly slots: Int32Array;
  size: number;
}

export function eventQueue(slots: number): EventQueue {
  return { times: new Float64Array(slots + 2).fill(Infinity), slots: new Int32Array(slots + 2), size: 0 };
}

/** Adds an event. O(log size). */
export function pushEvent(queue: EventQueue, time: number, slot: number): void {
  const { times, slots } = queue;
  let at = queue.size;
  queue.size = at + 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const parentTime = times[parent] ?? 0;
    if (parentTime <= time) break;
    times[at] = parentTime;
    slots[at] = slots[parent] ?? 0;
    at = parent;
  }
  times[at] = time;
  slots[at] = slot;
}

/** Removes the earliest event; the queue must not be empty. O(log size). */
export function popEvent(queue: EventQueue): void {
  const last = queue.size - 1;
  const time = queue.times[last] ?? 0;
  queue.size = last;
  queue.times[last] = Infinity;
  if (last > 0) siftDown(queue, time, queue.slots[last] ?? 0);
}

/** Gives the earliest event's slot a later time: one sift instead of a pop and a push. O(log size). */
export function replaceEarliest(queue: EventQueue, time: number): void {
  siftDown(queue, time, queue.slots[0] ?? 0);
}

function siftDown(queue: EventQueue, time: number, slot: number): void {
  const { times, slots, size } = queue;
  const parents = size >> 1;
  let at = 0;
  while (at < parents) {
    let child = 2 * at + 1;
    let childTime = times[child] ?? 0;
    // Behind the last child stands Infinity.
    const rightTime = times[child + 1] ?? 0;
    if (rightTime < childTime) {
      child += 1;
      childTime = rightTime;
    }
    if (time <= childTime) break;
    times[at] = childTime;
    slots[at] = slots[child] ?? 0;
    at = child;
  }
  times[at] = time;
  slots[at] = slot;
}
