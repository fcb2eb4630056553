import type { DifferenceReply } from '../../../server/src/protocol/comparison';
import type { ShapesReply } from '../../../server/src/protocol/requests';
import type { Basis } from './evaluation';
import type { PanelContext } from './panelContext';
import type { Other, PricedReport } from './pricedReport';

export interface Comparing {
  /** What the second column is for at what is shown; null while its kernel's lives are not known. */
  other(shown: PricedReport): Other | null;
  /** Asks for what a comparison needs and has not got. */
  ask(): void;
  /** Why it was refused; undefined where it was taken in. */
  takeShapes(kernel: string, reply: ShapesReply): string | undefined;
  /** The sites are others now. */
  forget(): void;
  /** Whether this comparison with a commit was not told of before. */
  isNew(told: DifferenceReply): boolean;
}

/** What the report is compared with. */
export function createComparing(context: PanelContext): Comparing {
  const kernels = new Map<string, Basis>();
  let number = 0;
  return {
    other: ({ basis, difference, evaluation, report }) => {
      const { compared } = context.state();
      const { setting } = evaluation;
      switch (compared?.kind) {
        case undefined:
          return null;
        case 'commit':
          return difference === null ? null : { setting: { ...setting, kernel: difference.told.kernel }, basis: difference.basis };
        case 'kernel': {
          const known = kernels.get(compared.kernel);
          return known === undefined ? null : { setting: { machine: setting.machine, cpus: compared.cpus ?? setting.cpus, kernel: compared.kernel }, basis: known };
        }
        case 'machine': {
          const own = context.machines?.machines.find(({ name }) => name === compared.machine)?.possible ?? setting.cpus;
          return { setting: { machine: compared.machine, cpus: compared.cpus ?? own, kernel: report.kernel }, basis };
        }
      }
    },
    ask: () => {
      const { compared } = context.state();
      if (compared?.kind === 'kernel' && !kernels.has(compared.kernel)) context.send({ type: 'shapes', kernel: compared.kernel });
    },
    takeShapes: (kernel, reply) => {
      const { shown } = context;
      if (reply.state === 'refused') return reply.reason;
      if (shown?.report.sites_revision === reply.sites_revision) kernels.set(kernel, { ...shown.basis, shapes: reply.shapes });
      return undefined;
    },
    forget: () => kernels.clear(),
    isNew: (told) => {
      const before = number;
      number = told?.number ?? 0;
      return told !== null && number !== before;
    },
  };
}
