import { cpusAt, positionOf, sliderSteps, stepped } from '../cpuScale';
import { element } from '../dom';
import { count } from '../format';

export interface CpuSlider {
  readonly node: HTMLElement;
  show(cpus: number): void;
}

const marks = [1, 8, 64, 256, 512, 1024];

/** A logarithmic slider of possible CPUs with a field beside it: dragging previews, letting go or typing sets. */
export function createCpuSlider(preview: (cpus: number) => void, set: (cpus: number) => void): CpuSlider {
  const slider = element('input', { type: 'range', id: 'cpu-slider', min: '0', max: String(sliderSteps), step: '1', list: 'cpu-marks', 'aria-label': 'Possible CPUs' });
  const typed = element('input', { type: 'number', id: 'cpu-count', min: '1', max: '8192', step: '1', 'aria-label': 'Possible CPUs, typed' });
  let shown = 1;
  const show = (cpus: number): void => {
    shown = cpus;
    slider.value = String(positionOf(cpus));
    slider.setAttribute('aria-valuetext', `${count(cpus)} possible CPUs`);
    if (typed.value !== String(cpus)) typed.value = String(cpus);
  };
  slider.addEventListener('input', () => {
    show(cpusAt(Number(slider.value)));
    preview(shown);
  });
  slider.addEventListener('change', () => set(shown));
  slider.addEventListener('keydown', (event) => {
    const direction = directions[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    show(stepped(shown, direction));
    set(shown);
  });
  typed.addEventListener('change', () => set(Number(typed.value)));
  const node = element(
    'div',
    { class: 'field cpus' },
    element('span', { class: 'label', 'aria-hidden': 'true' }, 'Possible CPUs'),
    element('span', { class: 'slider' }, slider, markList()),
    typed,
  );
  return { node, show };
}

const directions: Readonly<Record<string, 1 | -1>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

function markList(): HTMLElement {
  return element('datalist', { id: 'cpu-marks' }, ...marks.map((cpus) => element('option', { value: String(positionOf(cpus)), label: count(cpus) })));
}
