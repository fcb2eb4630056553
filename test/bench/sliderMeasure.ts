import type { FrameLocator } from 'playwright-core';
import type { Workbench } from '../editor/workbench';

export interface SliderMeasure {
  /** Moves the slider at once to a position of its scale; ms until the figures in view were those of it. */
  set(position: number): Promise<number>;
  /** Drags it by the mouse between shares of its track and lets go; ms from the last move to its figures. */
  drag(from: number, to: number): Promise<number>;
}

const measureName = 'percpu-lens.slider';

export function createSliderMeasure(workbench: Workbench, panel: FrameLocator): SliderMeasure {
  const body = panel.locator('body');
  const run = async <Result>(script: string): Promise<Result> => (await body.evaluate(`(() => { ${script} })()`));
  let seen = 0;
  // Rows beyond the edge are drawn ahead of scrolling, and anew when they come into view.
  const staleInView = (): Promise<number> => run<number>(`const { top, bottom } = document.querySelector('.scroller').getBoundingClientRect();
    return [...document.querySelectorAll('#sites tr.site.stale')].filter((row) => row.getBoundingClientRect().top < bottom && row.getBoundingClientRect().bottom > top).length`);
  const arrived = async (): Promise<number> => {
    await until(async () => (await run<number>(`return performance.getEntriesByName('${measureName}').length`)) > seen);
    await until(async () => (await staleInView()) === 0);
    const durations = await run<number[]>(`return performance.getEntriesByName('${measureName}').map((entry) => entry.duration)`);
    seen = durations.length;
    // The rest of the tree and the summary come after.
    await workbench.page.waitForTimeout(1500);
    return durations.at(-1) ?? NaN;
  };
  return {
    set: async (position) => {
      await run<unknown>(`const slider = document.querySelector('#cpu-slider'); slider.value = '${String(position)}'; slider.dispatchEvent(new Event('input'))`);
      return arrived();
    },
    drag: async (from, to) => {
      const box = (await panel.locator('#cpu-slider').boundingBox())!;
      const { mouse } = workbench.page;
      const [y, x] = [box.y + box.height / 2, (share: number): number => box.x + box.width * share];
      await mouse.move(x(from), y);
      await mouse.down();
      await mouse.move(x(to), y, { steps: 40 });
      seen = await run<number>(`return performance.getEntriesByName('${measureName}').length`);
      await mouse.move(x(to) + 3, y);
      await mouse.up();
      return arrived();
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await condition()); ) {
    if (Date.now() > end) throw new Error('the figures of the position never came');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
