import type { InventoryReply } from '../../../server/src/protocol/inventory';
import { isUnknownTotal } from '../../../server/src/protocol/inventoryAreas';
import { bytes, count, duration, trigger } from '../format';
import { t } from '../l10n';
import type { Amount, Node } from './nodes';

export interface Column {
  readonly title: string;
  readonly numeric: boolean;
  readonly text: (node: Node) => string;
}

/** Figures beside each line: of one tree, or of two with the difference. */
export function columnsOf({ own, base }: InventoryReply): readonly Column[] {
  if (own === null) return [];
  const possible = own.inventory.cpus.possible;
  const [after, before] = [nameOf(own.inventory.kernel, own.name, base), base === null ? '' : nameOf(base.inventory.kernel, base.name, own)];
  const numeric = (title: string, text: Column['text']): Column => ({ title, numeric: true, text });
  const amounts = base === null
    ? [
        numeric(t('Areas'), ({ amount }) => areas(amount)),
        numeric(t('Bytes per CPU'), ({ amount }) => exactBytes(amount)),
        numeric(t('On {0} possible CPUs', count(possible)), ({ amount }) => footprint(amount, possible)),
      ]
    : [
        numeric(t('Areas, {0}', before), (node) => sided(node, node.base, areas)),
        numeric(t('Areas, {0}', after), (node) => sided(node, node.amount, areas)),
        numeric(t('Bytes per CPU, {0}', before), (node) => sided(node, node.base, exactBytes)),
        numeric(t('Bytes per CPU, {0}', after), (node) => sided(node, node.amount, exactBytes)),
        numeric(t('Difference'), difference),
        numeric(t('On {0} possible CPUs', count(possible)), ({ amount }) => footprint(amount, possible)),
      ];
  const rest: readonly Column[] = [
    { title: t('Trigger'), numeric: false, text: ({ object }) => (object === null ? '' : trigger(object.frequency_class)) },
    numeric(t('Create'), ({ object }) => (object?.create?.ns == null ? '' : duration(object.create.ns))),
    numeric(t('Destroy'), ({ object }) => (object?.destroy?.ns == null ? '' : duration(object.destroy.ns))),
  ];
  return [...amounts, ...(base === null ? rest : rest.slice(0, 1))];
}

/** The kernel's version names a tree where the other has another. */
function nameOf(kernel: string, name: string, other: { readonly inventory: { readonly kernel: string } } | null): string {
  return other !== null && other.inventory.kernel === kernel ? name : kernel;
}

function areas(amount: Amount | null): string {
  if (amount === null) return '';
  return amount.areas === 0 && amount.leftOut > 0 ? t('unknown') : count(amount.areas);
}

function exactBytes(amount: Amount | null): string {
  if (amount === null) return '';
  if (isUnknown(amount)) return t('unknown');
  return amount.unknown === 0 ? count(amount.bytes ?? 0) : t('{0} + {1} unknown', count(amount.bytes ?? 0), amount.unknown);
}

function isUnknown({ bytes: known, areas: certain, unknown, leftOut }: Amount): boolean {
  return known === null || isUnknownTotal({ bytes_per_cpu: known, areas: certain, unknown_sizes: unknown, left_out: leftOut });
}

function footprint(amount: Amount | null, possible: number): string {
  if (amount === null) return '';
  if (isUnknown(amount)) return t('unknown');
  return `${amount.unknown === 0 ? '' : '≥ '}${bytes((amount.bytes ?? 0) * possible)}`;
}

/** A line that only the other tree has says so; headings say nothing. */
function sided(node: Node, amount: Amount | null, text: (amount: Amount | null) => string): string {
  return amount === null && (node.amount !== null || node.base !== null) ? t('none') : text(amount);
}

function difference({ amount, base, differs }: Node): string {
  if (amount === null && base === null) return '';
  const change = (amount?.bytes ?? 0) - (base?.bytes ?? 0);
  if (change === 0) return differs ? t('other areas') : t('same');
  return `${change > 0 ? '+' : '−'}${count(Math.abs(change))}`;
}
