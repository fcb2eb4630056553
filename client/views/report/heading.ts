import { count } from '../format';
import { t } from '../l10n';
import type { PricedReport } from './pricedReport';

/** Kernel, configuration and machine that the figures are for, and what code is counted. */
export function headingText({ report, evaluation }: PricedReport): string {
  const { kernel, kconfig, calibrated } = report;
  const { machine, cpus } = evaluation.setting;
  const times = calibrated ? '' : t(' · times uncalibrated: order of magnitude');
  return t('Kernel {0} · {1} · {2}: {3} possible CPUs, {4} online', kernel, kconfig, machine, count(cpus), count(evaluation.online())) + times + t(' · all code, built or not');
}
