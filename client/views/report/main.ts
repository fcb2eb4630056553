import { byId } from '../dom';
import type { ReportHostMessage, ReportViewMessage } from '../messages';
import '../styles/report.css';
import { connectHost } from '../vscodeApi';
import { compare, takeShapes } from './compareActions';
import { createDelivery } from './delivery';
import { failureNotice } from './notices';
import { createPanelContext } from './panelContext';
import { createPanelParts, type PanelParts } from './panelParts';
import { takeCursor, takeMachines, takeRefusal, takeSummary, takeWhole } from './receiving';
import { change, drawFigures, previewCpus, selectSite, settle } from './showing';
import type { ViewState } from './viewState';

const host = connectHost<ReportViewMessage, ReportHostMessage, ViewState>();
const delivery = createDelivery();
const parts: PanelParts = createPanelParts(createPanelContext(host), {
  change: (part) => change(parts, part),
  previewCpus: (cpus) => previewCpus(parts, cpus),
  compare: (compared) => compare(parts, compared),
  selectSite: (siteId) => selectSite(parts, siteId),
  drawFigures: () => drawFigures(parts),
  complete: () => settle(parts, false),
});

/** The state is another than the parts were made with. */
function restored(): void {
  const { context, list, page } = parts;
  list.showColumns();
  page.openCharts(context.state().charts);
  if (context.state().follow) host.send({ type: 'follow', on: true });
}

function receive(message: ReportHostMessage): void {
  switch (message.type) {
    case 'report': {
      if (parts.context.restore(message.state)) restored();
      takeMachines(parts, message.machines);
      const whole = delivery.begin(message);
      if (whole !== undefined) takeWhole(parts, whole);
      return;
    }
    case 'sites': {
      const whole = delivery.add(message.revision, message.sites);
      if (whole !== undefined) takeWhole(parts, whole);
      return;
    }
    case 'summary':
      takeMachines(parts, message.machines);
      takeSummary(parts, message.summary, message.difference);
      return;
    case 'prices':
      parts.live.receive(message.ask, message.reply);
      return;
    case 'shapes':
      takeShapes(parts, message.kernel, message.reply);
      return;
    case 'details':
      parts.selection.receive(message.siteId, message.reply);
      return;
    case 'select':
      if (message.unfold) parts.selection.details.unfoldNext();
      selectSite(parts, message.siteId);
      return;
    case 'cursor':
      takeCursor(parts, message.file, message.line);
      return;
    case 'refused':
      takeRefusal(parts, message.reason);
      return;
    case 'notCompared':
      parts.toolbar.refuse(message.reason);
      return;
    case 'failed':
      byId('app').replaceChildren(...failureNotice(message.reason, () => host.send({ type: 'reload' })));
      document.body.dataset['state'] = 'failed';
  }
}

document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    parts.toolbar.focusSearch();
  }
});
restored();
parts.selection.moved();
host.onMessage(receive);
host.send({ type: 'ready', comparedWith: parts.context.comparison?.ref ?? null });
