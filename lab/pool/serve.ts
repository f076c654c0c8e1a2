/** The thread's side of the pool. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PieceDone } from './pool.ts';

/** Does each piece that this thread is given. `make` gets what the pool was given as data. */
export function servePieces<Data, Result>(make: (data: Data) => (piece: number) => Result): void {
  const work = make(workerData as Data);
  parentPort?.on('message', (piece: number) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage({ piece, result: work(piece) } satisfies PieceDone<Result>);
  });
}
