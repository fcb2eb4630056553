import type { MachineList } from '../../../server/src/protocol/requests';
import { element } from '../dom';
import { t } from '../l10n';
import { choose, field, fillSelect, select } from './select';
import type { ComparedWith } from './viewState';

export interface Comparison {
  readonly node: HTMLElement;
  offer(machines: MachineList, kernel: string, kernels: readonly string[]): void;
  show(compared: ComparedWith | null): void;
}

/** What the figures are compared with: another machine, other CPUs, or the same sources on another kernel. */
export function createComparison(onChange: (compared: ComparedWith | null) => void): Comparison {
  let current = '';
  const what = select(t('Compare with'), () => changed());
  const cpus = element('input', { type: 'number', id: 'compared-cpus', min: '1', max: '8192', step: '1', 'aria-label': t('Possible CPUs compared with'), placeholder: t('CPUs'), title: t('Possible CPUs; empty: the machine’s own') });
  const changed = (): void => {
    const [kind, name = ''] = what.value.split(':');
    cpus.hidden = kind === 'none';
    if (kind === 'none') onChange(null);
    else onChange({ machine: kind === 'machine' ? name : current, cpus: cpus.value === '' ? null : Number(cpus.value), kernel: kind === 'kernel' ? name : null });
  };
  cpus.addEventListener('change', () => {
    if (cpus.validity.valid) changed();
  });
  cpus.hidden = true;
  return {
    node: field(t('Compare with'), what, cpus),
    offer: (machines, kernel, kernels) => {
      current = machines.current.name;
      const options: (readonly [string, string])[] = [
        ['none', t('nothing')],
        ...machines.machines.map(({ name }) => [`machine:${name}`, name] as const),
        ...kernels.filter((one) => one !== kernel).map((one) => [`kernel:${one}`, t('kernel {0}', one)] as const),
      ];
      fillSelect(what, options, what.value === '' ? 'none' : what.value);
    },
    show: (compared) => {
      choose(what, valueOf(compared));
      cpus.hidden = compared === null;
      cpus.value = compared?.cpus == null ? '' : String(compared.cpus);
    },
  };
}

function valueOf(compared: ComparedWith | null): string {
  if (compared === null) return 'none';
  return compared.kernel === null ? `machine:${compared.machine}` : `kernel:${compared.kernel}`;
}

/** What is compared with, in a few words for a heading. */
export function comparedName({ machine, cpus, kernel }: ComparedWith): string {
  const count = cpus === null ? '' : t(' at {0} CPUs', String(cpus));
  return kernel === null ? `${machine}${count}` : `${t('kernel {0}', kernel)}${count}`;
}
