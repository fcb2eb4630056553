import type { MachineList } from '../../../server/src/protocol/requests';
import { settled } from '../dom';
import type { ReportHostMessage, ReportViewMessage } from '../messages';
import type { Host } from '../vscodeApi';
import type { PricedReport } from './pricedReport';
import { restoredState, savedComparison, type ShownComparison, type ViewState } from './viewState';

/** What the parts of the panel share: what is shown, and what the person set. */
export interface PanelContext {
  readonly send: (message: ReportViewMessage) => void;
  shown: PricedReport | undefined;
  machines: MachineList | undefined;
  /** How the comparison was shown when this page was last hidden or loaded, until that one is in force again or another. */
  comparison: ShownComparison | null;
  state(): ViewState;
  setState(part: Partial<ViewState>): void;
  /** State as it was when the panel was closed; what this page has kept itself wins. False where that is so. */
  restore(saved: unknown): boolean;
}

/** Moves of the selection are told to the extension host once they rest, ms. */
const statePause = 400;

export function createPanelContext(host: Host<ReportViewMessage, ReportHostMessage, ViewState>): PanelContext {
  let state = restoredState(host.savedState);
  const keep = settled(statePause, () => host.send({ type: 'state', state }));
  return {
    send: (message) => host.send(message),
    shown: undefined,
    machines: undefined,
    comparison: savedComparison(host.savedState),
    state: () => state,
    setState: (part) => {
      state = { ...state, ...part };
      host.save(state);
      keep();
    },
    restore: (saved) => {
      if (saved === undefined || host.savedState !== undefined) return false;
      state = restoredState(saved as Partial<ViewState>);
      return true;
    },
  };
}
