import type { CancellationToken, Connection } from 'vscode-languageserver/node';

/**
 * One bad document must not fail the connection: an exception of a handler is logged once with its place, and the
 * request gets the empty answer.
 */
export function guarded<P, R>(
  connection: Connection,
  empty: R,
  handler: (params: P, token: CancellationToken) => Promise<R> | R,
): (params: P, token: CancellationToken) => Promise<R> {
  return async (params, token) => {
    try {
      return await handler(params, token);
    } catch (error) {
      connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return empty;
    }
  };
}
