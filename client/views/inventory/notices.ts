import type { Inventory, InventoryOfTree, InventoryReply } from '../../../server/src/protocol/inventory';
import { button, element } from '../dom';
import { count } from '../format';
import { t } from '../l10n';

/** Kernel, configuration and machine that the figures are for, a line for each tree. */
export function headingLines({ own, base }: InventoryReply): readonly string[] {
  return [own, base].flatMap((tree) => (tree === null ? [] : [headingOf(tree.inventory, base === null ? null : tree.name)]));
}

function headingOf({ kernel, kconfig, machine, cpus, memory_nodes: nodes }: Inventory, name: string | null): string {
  const text = t('Kernel {0} · {1} · {2}: {3} possible CPUs, {4} online, memory nodes: {5}', kernel, kconfig, machine, count(cpus.possible), count(cpus.online), count(nodes));
  return name === null ? text : `${name}: ${text}`;
}

/** What stands above the inventory, or instead of it: why, and what next. */
export function noticesOf(reply: InventoryReply | null, failure: string | null, again: () => void): readonly HTMLElement[] {
  if (failure !== null) return [element('h2', {}, t('The inventory could not be made')), element('p', { role: 'alert' }, failure), againButton(again)];
  if (reply === null) return [element('p', { role: 'status' }, t('Reading what the objects of this tree hold…'))];
  if (reply.own === null) return [element('h2', {}, t('No folder is open')), element('p', {}, t('Open a kernel tree, or a folder of kernel code.'))];
  const trees = [reply.own, ...(reply.base === null ? [] : [reply.base])];
  return [
    ...(reply.refused === null ? [] : [element('p', { role: 'alert', class: 'refusal' }, reply.refused)]),
    ...trees.flatMap((tree) => treeNotice(tree, again)),
  ];
}

function treeNotice({ name, state, reason, progress, inventory }: InventoryOfTree, again: () => void): readonly HTMLElement[] {
  if (state === 'failed') return [element('h2', {}, t('{0} could not be read', name)), element('p', { role: 'alert' }, reason ?? t('The reason is in the output.')), againButton(again)];
  if (state === 'indexing') return [indexing(name, progress ?? { done: 0, total: 0 })];
  if (inventory.objects.length > 0) return [];
  const next = t('An object is known by the functions that create it, such as mm_init, alloc_super, setup_net; a folder of a few files may have none of them.');
  return [element('h2', {}, t('No objects with percpu memory in {0}', name)), element('p', {}, reason ?? next), againButton(again)];
}

function indexing(name: string, { done, total }: { readonly done: number; readonly total: number }): HTMLElement {
  const bar = element('progress', { 'aria-label': t('Files indexed'), max: String(Math.max(1, total)), value: String(done) });
  const text = done < total || total === 0 ? t('{0}: {1} of {2} files read; the inventory grows as they are.', name, count(done), count(total)) : t('{0}: sizes and callers are being worked out.', name);
  return element('p', { class: 'indexing', role: 'status' }, bar, ` ${text}`);
}

function againButton(again: () => void): HTMLElement {
  return button(t('Look again'), again, { class: 'action' });
}
