interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension host as a view sees it; can be had once per page. */
export interface Host<Sent, Received, State> {
  send(message: Sent): void;
  onMessage(handler: (message: Received) => void): void;
  /** State kept over hide and reload; undefined at the first opening. */
  readonly savedState: State | undefined;
  save(state: State): void;
}

export function connectHost<Sent, Received, State>(): Host<Sent, Received, State> {
  const api = acquireVsCodeApi();
  return {
    send: (message) => api.postMessage(message),
    onMessage: (handler) => {
      window.addEventListener('message', (event: MessageEvent<Received>) => handler(event.data));
    },
    savedState: api.getState() as State | undefined,
    save: (state) => api.setState(state),
  };
}
