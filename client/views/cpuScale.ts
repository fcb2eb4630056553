/** The slider's range, in steps of equal ratio: 1…1,024 CPUs. */
export const sliderSteps = 200;
const largest = 1024;

/** Slider position (0…sliderSteps) to a whole CPU count. */
export function cpusAt(position: number): number {
  return Math.max(1, Math.round(largest ** (position / sliderSteps)));
}

/** CPU count to the nearest slider position; counts beyond the range sit at its end. */
export function positionOf(cpus: number): number {
  const clamped = Math.min(largest, Math.max(1, cpus));
  return Math.round((Math.log(clamped) / Math.log(largest)) * sliderSteps);
}

/** The next count the arrow keys reach from `cpus`: at least one CPU further. */
export function stepped(cpus: number, direction: 1 | -1): number {
  const next = cpusAt(positionOf(cpus) + direction);
  if (direction === 1) return Math.min(largest, Math.max(cpus + 1, next));
  return Math.max(1, Math.min(cpus - 1, next));
}
