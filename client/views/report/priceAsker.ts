import type { PricesParams, PricesReply } from '../../../server/src/protocol/requests';

/** What is to be asked for next: what is in view before the rest. */
export interface WantedPrices {
  /** Tells one setting from another. */
  readonly key: string;
  readonly params: PricesParams;
}

export interface PriceAsker {
  /** Something may be wanted that was not: asks unless an answer is under way. */
  kick(): void;
  receive(ask: number, reply: PricesReply): void;
}

/**
 * Asks for prices one request at a time. While one is under way the slider may move on; what is then wanted is asked for
 * when its answer has come, so that no position that was only passed through is waited for.
 */
export function createPriceAsker(
  /** Sends the request and gives the number that its answer will bear. */
  send: (params: PricesParams) => number,
  wanted: () => WantedPrices | null,
  taken: (key: string, reply: PricesReply) => void,
): PriceAsker {
  let under: { readonly ask: number; readonly key: string } | null = null;
  const kick = (): void => {
    if (under !== null) return;
    const next = wanted();
    if (next === null) return;
    under = { ask: send(next.params), key: next.key };
  };
  return {
    kick,
    receive: (ask, reply) => {
      if (under?.ask !== ask) return;
      const { key } = under;
      under = null;
      taken(key, reply);
      kick();
    },
  };
}
