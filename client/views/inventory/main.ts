import type { InventoryReply } from '../../../server/src/protocol/inventory';
import { byId, element } from '../dom';
import { count } from '../format';
import { t } from '../l10n';
import type { InventoryHostMessage, InventoryViewMessage } from '../messages';
import '../styles/inventory.css';
import { connectHost } from '../vscodeApi';
import { columnsOf } from './columns';
import { createGrid } from './grid';
import { initialState, settingsOf, type InventoryState, type Settings } from './inventoryState';
import { sectionsOf, type Node } from './nodes';
import { headingLines, noticesOf } from './notices';
import { countShown, rowsOf, type Row } from './rows';
import { createToolbar } from './toolbar';

const host = connectHost<InventoryViewMessage, InventoryHostMessage, Settings>();
let state: InventoryState = { ...initialState, ...host.savedState };
let sections: readonly Node[] = [];

const heading = element('div', { class: 'heading', id: 'heading' });
const notices = element('div', { class: 'notice' });
const summary = element('p', { class: 'muted', role: 'status', id: 'summary' });
const toolbar = createToolbar({
  filter: (filter) => become({ filter }),
  modules: (modules) => ask({ modules }),
  against: (against) => ask({ against, differing: against !== null && state.differing }),
  differing: (differing) => become({ differing }),
  chooseFolder: () => leaveChoice({ type: 'chooseFolder' }),
  chooseCommit: () => leaveChoice({ type: 'chooseCommit' }),
});
const grid = createGrid({
  select: (selected) => become({ selected }),
  fold: ({ node, expanded }) => fold(node, !expanded),
  open: ({ node }, beside) => open(node, beside),
});
byId('app').replaceChildren(element('h1', {}, t('Percpu object inventory')), heading, notices, toolbar.node, summary, grid.node);

function become(part: Partial<InventoryState>): void {
  state = { ...state, ...part };
  host.save(settingsOf(state));
  draw();
}

function ask(part: Partial<Settings>): void {
  become(part);
  host.send({ type: 'load', params: { modules: state.modules, against: state.against } });
}

/** The list shows again what stands beside, until something is chosen. */
function leaveChoice(message: InventoryViewMessage): void {
  become({});
  host.send(message);
}

function fold(node: Node, open: boolean): void {
  const others = state.toggled.filter((id) => id !== node.id);
  become({ toggled: open === node.open ? others : [...others, node.id], selected: node.id });
}

function open({ place }: Node, beside: boolean): void {
  if (place === null) return;
  const root = place.side === 'own' ? state.reply?.own?.root : state.reply?.base?.root;
  if (root == null) {
    summary.textContent = t('This line is of a commit: its file is in no folder.');
    return;
  }
  host.send({ type: 'open', root, place: { file: place.file, line: place.line, column: 1 }, beside });
}

function draw(): void {
  const { reply, failure } = state;
  document.body.dataset['state'] = failure !== null ? 'failed' : reply === null ? 'loading' : (reply.own?.state ?? 'empty');
  notices.replaceChildren(...noticesOf(reply, failure, () => ask({})));
  heading.replaceChildren(...(reply === null ? [] : headingLines(reply).map((text) => element('p', {}, text))));
  const some = reply?.own != null && failure === null && (reply.own.inventory.objects.length > 0 || reply.base !== null);
  for (const node of [toolbar.node, grid.node, summary]) node.hidden = !some;
  if (!some) return;
  const choice = { ...state, differing: state.differing && comparable(reply).base !== null };
  const rows: readonly Row[] = rowsOf(sections, choice);
  toolbar.show(state, reply);
  grid.show(rows, columnsOf(comparable(reply)), state.selected);
  const { shown, all } = countShown(sections, choice);
  summary.textContent = rows.length === 0 ? t('Nothing matches. Clear the filter to see all {0}.', count(all)) : shown === all ? '' : t('{0} of {1} shown', count(shown), count(all));
}

/** What is not read yet would look like what the other tree has not. */
function comparable(reply: InventoryReply): InventoryReply {
  return reply.base?.state === 'ready' ? reply : { ...reply, base: null };
}

function receive(message: InventoryHostMessage): void {
  switch (message.type) {
    case 'inventory':
      sections = sectionsOf(comparable(message.reply));
      become({ reply: message.reply, failure: null });
      return;
    case 'failed':
      become({ failure: message.reason });
      return;
    case 'against':
      ask({ against: message.against });
      return;
    case 'changed':
      host.send({ type: 'load', params: { modules: state.modules, against: state.against } });
  }
}

draw();
host.onMessage(receive);
host.send({ type: 'load', params: { modules: state.modules, against: state.against } });
