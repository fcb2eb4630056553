/**
 * The pending events: a binary heap over typed arrays, earliest first, ties by slot number. A slot is a
 * client or one of the kernel's own actors and has at most one event pending, so the heap never grows.
 */
export interface EventQueue {
  readonly times: Float64Array;
  readonly slots: Int32Array;
  size: number;
}

export function eventQueue(slots: number): EventQueue {
  return { times: new Float64Array(slots + 1), slots: new Int32Array(slots + 1), size: 0 };
}

/** Adds an event. O(log size). */
export function pushEvent(queue: EventQueue, time: number, slot: number): void {
  const { times, slots } = queue;
  let at = queue.size;
  queue.size = at + 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const parentTime = times[parent] ?? 0;
    if (parentTime < time || (parentTime === time && (slots[parent] ?? 0) < slot)) break;
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
  queue.size = last;
  if (last > 0) siftDown(queue, queue.times[last] ?? 0, queue.slots[last] ?? 0);
}

/** Gives the earliest event's slot a later time: one sift instead of a pop and a push. O(log size). */
export function replaceEarliest(queue: EventQueue, time: number): void {
  siftDown(queue, time, queue.slots[0] ?? 0);
}

function siftDown(queue: EventQueue, time: number, slot: number): void {
  const { times, slots, size } = queue;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    let childTime = times[child] ?? 0;
    const right = child + 1;
    if (right < size) {
      const rightTime = times[right] ?? 0;
      if (rightTime < childTime || (rightTime === childTime && (slots[right] ?? 0) < (slots[child] ?? 0))) {
        child = right;
        childTime = rightTime;
      }
    }
    if (time < childTime || (time === childTime && slot < (slots[child] ?? 0))) break;
    times[at] = childTime;
    slots[at] = slots[child] ?? 0;
    at = child;
  }
  times[at] = time;
  slots[at] = slot;
}
