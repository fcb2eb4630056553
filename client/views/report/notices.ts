import { button, element } from '../dom';
import { count, files } from '../format';
import { t } from '../l10n';
import type { ReportHead } from '../messages';

/** What stands above the report while it is made, or instead of it: why, and what next. */
export function drawNotice(report: ReportHead, reload: () => void): (Node | string)[] {
  switch (report.state) {
    case 'indexing':
      return [indexing(report.progress)];
    case 'ready':
      return report.problems.length === 0 ? [] : [problems(report)];
    case 'empty':
      return [element('h2', {}, t('No percpu code here')), element('p', {}, report.reason ?? t('No call of the percpu API was found in this folder.')), again(reload)];
    case 'failed':
      return failureNotice(report.reason ?? t('The reason is in the output.'), reload);
  }
}

export function failureNotice(reason: string, reload: () => void): HTMLElement[] {
  return [element('h2', {}, t('The report could not be made')), element('p', { role: 'alert' }, reason), again(reload)];
}

function indexing(progress: ReportHead['progress']): HTMLElement {
  const { done, total } = progress ?? { done: 0, total: 0 };
  const bar = element('progress', { 'aria-label': t('Files indexed'), max: String(Math.max(1, total)), value: String(done) });
  const next = done < total ? t('the report grows as they are.') : t('sizes and callers are being worked out.');
  return element('p', { class: 'indexing' }, bar, ` ${t('{0} of {1} files read; {2}', count(done), count(total), next)}`);
}

function problems(report: ReportHead): HTMLElement {
  const items = report.problems.slice(0, 200).map(({ file, reason }) => element('li', {}, `${file}: ${reason}`));
  return element('details', {}, element('summary', {}, t('{0} could not be read in full', files(report.problems.length))), element('ul', {}, ...items));
}

function again(reload: () => void): HTMLElement {
  return button(t('Look again'), reload, { class: 'action' });
}
