import type { MachineList } from '../../../server/src/protocol/requests';
import { element } from '../dom';
import { t } from '../l10n';
import { choose, field, fillSelect, select } from './select';
import type { ComparedWith } from './viewState';

export interface Comparison {
  readonly node: HTMLElement;
  offer(offered: OfferedComparisons): void;
  show(compared: ComparedWith | null): void;
}

export interface OfferedComparisons {
  readonly machines: MachineList;
  /** Of the report. */
  readonly kernel: string;
  readonly kernels: readonly string[];
  /** The commit that the window is compared with; null: none. */
  readonly ref: string | null;
}

export interface ComparisonActions {
  readonly compare: (compared: ComparedWith | null) => void;
  readonly chooseCommit: () => void;
}

/** What the figures are compared with: another machine, other CPUs, the same sources on another kernel, or a commit. */
export function createComparison({ compare, chooseCommit }: ComparisonActions): Comparison {
  let ref: string | null = null;
  let shown: ComparedWith | null = null;
  const what = select(t('Compare with'), () => changed());
  const cpus = element('input', { type: 'number', id: 'compared-cpus', min: '1', max: '8192', step: '1', 'aria-label': t('Possible CPUs compared with'), placeholder: t('CPUs'), title: t('Possible CPUs; empty: the machine’s own') });
  const show = (compared: ComparedWith | null): void => {
    shown = compared;
    choose(what, valueOf(compared));
    cpus.hidden = compared === null || compared.kind === 'commit';
    cpus.value = compared === null || compared.kind === 'commit' || compared.cpus === null ? '' : String(compared.cpus);
  };
  const changed = (): void => {
    const [kind = 'none', name = ''] = what.value.split(':');
    if (kind === 'choose') {
      // Nothing is compared with it before it is chosen and read.
      show(shown);
      chooseCommit();
    } else compare(comparedBy(kind, name, cpus.value === '' ? null : Number(cpus.value), ref));
  };
  cpus.addEventListener('change', () => {
    if (cpus.validity.valid) changed();
  });
  cpus.hidden = true;
  return {
    node: field(t('Compare with'), what, cpus),
    offer: (offered) => {
      ref = offered.ref;
      fillSelect(what, optionsOf(offered), valueOf(shown));
    },
    show,
  };
}

function optionsOf({ machines, kernel, kernels, ref }: OfferedComparisons): (readonly [string, string])[] {
  return [
    ['none', t('nothing')],
    ...(ref === null ? [] : [['commit', t('commit {0}', ref)] as const]),
    ['choose', ref === null ? t('a commit…') : t('another commit…')],
    ...machines.machines.map(({ name }) => [`machine:${name}`, name] as const),
    ...kernels.filter((one) => one !== kernel).map((one) => [`kernel:${one}`, t('kernel {0}', one)] as const),
  ];
}

function comparedBy(kind: string, name: string, cpus: number | null, ref: string | null): ComparedWith | null {
  switch (kind) {
    case 'machine':
      return { kind, machine: name, cpus };
    case 'kernel':
      return { kind, kernel: name, cpus };
    case 'commit':
      return ref === null ? null : { kind, ref };
    default:
      return null;
  }
}

function valueOf(compared: ComparedWith | null): string {
  switch (compared?.kind) {
    case 'machine':
      return `machine:${compared.machine}`;
    case 'kernel':
      return `kernel:${compared.kernel}`;
    case 'commit':
      return 'commit';
    case undefined:
      return 'none';
  }
}

/** What is compared with, in a few words for a heading. */
export function comparedName(compared: ComparedWith): string {
  if (compared.kind === 'commit') return compared.ref;
  const count = compared.cpus === null ? '' : t(' at {0} CPUs', String(compared.cpus));
  return compared.kind === 'machine' ? `${compared.machine}${count}` : `${t('kernel {0}', compared.kernel)}${count}`;
}
