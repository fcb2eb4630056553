import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { RootSession } from '../workspace/rootSession';
import type { IndexStatus } from '../workspace/snapshot';

/** Work-done progress of one tree's indexing, with counts and cancel; ends when the tree is ready. */
export interface IndexProgress {
  update(status: IndexStatus): void;
}

/** Between two reports to the client, ms. */
const shortestPause = 100;

export function createIndexProgress(connection: Connection, session: RootSession): IndexProgress {
  let reporter: WorkDoneProgressServerReporter | null = null;
  let asked = false;
  let over = false;
  let last = { message: '', at: 0 };

  const begin = async (): Promise<void> => {
    asked = true;
    const created = await connection.window.createWorkDoneProgress();
    if (over) return;
    reporter = created;
    created.begin('Percpu Lens: indexing', 0, undefined, true);
    created.token.onCancellationRequested(() => session.stopScan());
  };
  return {
    update: ({ phase, done, total }) => {
      if (phase === 'indexing') {
        if (!asked) void begin();
        const left = done === total ? 'resolving sizes and callers' : `${done} of ${total} files`;
        if (left === last.message || Date.now() - last.at < shortestPause) return;
        last = { message: left, at: Date.now() };
        reporter?.report(total === 0 ? 0 : Math.round((100 * done) / total), left);
      } else if (phase !== 'starting') {
        over = true;
        reporter?.done();
        reporter = null;
      }
    },
  };
}
