import { cpusAt, positionOf, sliderSteps, stepped } from '../cpuScale';
import { element, settled } from '../dom';
import { count } from '../format';
import { t } from '../l10n';

export interface CpuSlider {
  readonly node: HTMLElement;
  show(cpus: number): void;
}

const marks = [1, 8, 64, 256, 512, 1024];

/** A logarithmic slider of possible CPUs with a field beside it: dragging previews, letting go or typing sets. */
export function createCpuSlider(preview: (cpus: number) => void, set: (cpus: number) => void): CpuSlider {
  const slider = element('input', { type: 'range', id: 'cpu-slider', min: '0', max: String(sliderSteps), step: '1', list: 'cpu-marks', 'aria-label': t('Possible CPUs') });
  const typed = element('input', { type: 'number', id: 'cpu-count', min: '1', max: '8192', step: '1', 'aria-label': t('Possible CPUs, typed') });
  let shown = 1;
  /** Between the first move of a drag and its end: what the server says meanwhile does not move the thumb. */
  let held = false;
  const draw = (cpus: number): void => {
    shown = cpus;
    slider.value = String(positionOf(cpus));
    slider.setAttribute('aria-valuetext', t('{0} possible CPUs', count(cpus)));
    if (typed.value !== String(cpus)) typed.value = String(cpus);
  };
  const setSoon = settled(keyPause, (cpus: number) => {
    held = false;
    set(cpus);
  });
  slider.addEventListener('input', () => {
    held = true;
    draw(cpusAt(Number(slider.value)));
    preview(shown);
  });
  slider.addEventListener('change', () => {
    held = false;
    set(shown);
  });
  slider.addEventListener('keydown', (event) => {
    const target = keyTarget(event.key, shown);
    if (target === undefined) return;
    event.preventDefault();
    held = true;
    draw(target);
    preview(shown);
    setSoon(shown);
  });
  typed.addEventListener('change', () => set(Number(typed.value)));
  const show = (cpus: number): void => {
    if (!held) draw(cpus);
  };
  const node = element(
    'div',
    { class: 'field cpus' },
    element('span', { class: 'label', 'aria-hidden': 'true' }, t('Possible CPUs')),
    element('span', { class: 'slider' }, slider, markList(), markLabels()),
    typed,
  );
  return { node, show };
}

/** The machine is set once the keys rest this long, ms: every count passed through is previewed. */
const keyPause = 350;

/** Arrow keys go a step of the scale, Page Up and Down to the next mark, Home and End to the ends. */
function keyTarget(key: string, cpus: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return stepped(cpus, 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return stepped(cpus, -1);
    case 'PageUp':
      return marks.find((mark) => mark > cpus) ?? marks.at(-1);
    case 'PageDown':
      return marks.findLast((mark) => mark < cpus) ?? marks[0];
    case 'Home':
      return marks[0];
    case 'End':
      return marks.at(-1);
    default:
      return undefined;
  }
}

/** Marks for the mouse, with their counts below the track. */
function markList(): HTMLElement {
  return element('datalist', { id: 'cpu-marks' }, ...marks.map((cpus) => element('option', { value: String(positionOf(cpus)), label: count(cpus) })));
}

function markLabels(): HTMLElement {
  const labels = marks.map((cpus) => {
    const label = element('span', {}, count(cpus));
    label.style.left = `${String((100 * positionOf(cpus)) / sliderSteps)}%`;
    return label;
  });
  return element('span', { class: 'mark-labels', 'aria-hidden': 'true' }, ...labels);
}
