import { settled } from '../dom';

/** The slider rests once it has not moved for so long, ms: only then is asked for what is not in view. */
const restPause = 120;

/** Where a person is with the slider. */
export interface SliderPace {
  moved(): void;
  /** It was let go: the machine is being set. */
  released(): void;
  /** The figures of its last position are there; noted for who measures it once they are drawn. */
  arrived(): void;
  isHeld(): boolean;
  isResting(): boolean;
  /** The figures of its last position have not come. */
  isAwaited(): boolean;
}

/** `onRest` is called when it has come to rest. */
export function createSliderPace(onRest: () => void): SliderPace {
  let held = false;
  let resting = true;
  let movedAt = 0;
  const rest = settled(restPause, () => {
    resting = true;
    onRest();
  });
  return {
    moved: () => {
      held = true;
      resting = false;
      movedAt = performance.now();
      rest();
    },
    released: () => {
      held = false;
    },
    arrived: () => {
      const start = movedAt;
      movedAt = 0;
      requestAnimationFrame(() => performance.measure('percpu-lens.slider', { start, end: performance.now() }));
    },
    isHeld: () => held,
    isResting: () => resting,
    isAwaited: () => movedAt > 0,
  };
}
