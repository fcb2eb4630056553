import type { PricesReply } from '../../../server/src/protocol/requests';
import type { PanelContext } from './panelContext';
import { createPriceAsker, type PriceAsker, type WantedPrices } from './priceAsker';
import { isComplete, take, wantedPrices } from './pricedReport';
import { createSliderPace, type SliderPace } from './sliderPace';

export interface LivePrices {
  readonly pace: SliderPace;
  /** Something may be wanted that was not. */
  kick(): void;
  receive(ask: number, reply: PricesReply): void;
  /** Another that asks for prices by the same messages. */
  asker(wanted: () => WantedPrices | null, taken: (key: string, reply: PricesReply) => void): PriceAsker;
}

export interface PriceEffects {
  /** Places of the sites in view: asked for first. */
  readonly inView: () => readonly number[];
  /** Figures have come. */
  readonly drawFigures: () => void;
  /** The last of them have. */
  readonly complete: () => void;
  readonly refuse: (reason: string) => void;
}

/** Keeps the figures that are shown those of the setting that is shown. */
export function createLivePrices(context: PanelContext, { inView, drawFigures, complete, refuse }: PriceEffects): LivePrices {
  let asks = 0;
  const askers: PriceAsker[] = [];
  const asker: LivePrices['asker'] = (wanted, taken) => {
    const made = createPriceAsker((params) => {
      asks += 1;
      context.send({ type: 'prices', ask: asks, params });
      return asks;
    }, wanted, taken);
    askers.push(made);
    return made;
  };
  const takePrices = (key: string, reply: PricesReply): void => {
    const before = context.shown;
    if (before === undefined) return;
    const next = take(before, key, reply);
    context.shown = next;
    if (reply.state === 'refused') refuse(reply.reason);
    if (isComplete(next)) complete();
    else if (next !== before || next.other !== null) drawFigures();
    if (next.answered && pace.isAwaited() && next.evaluation.missing(inView()).length === 0) pace.arrived();
  };
  const main = asker(() => (context.shown === undefined ? null : wantedPrices(context.shown, inView(), pace.isResting())), takePrices);
  const pace = createSliderPace(() => main.kick());
  return {
    pace,
    asker,
    kick: () => main.kick(),
    receive: (ask, reply) => {
      for (const each of askers) each.receive(ask, reply);
    },
  };
}
