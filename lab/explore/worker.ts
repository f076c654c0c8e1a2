/** The thread of one job: loads the program by itself, and carries out the parts that it is sent. */
import { parentPort, workerData } from 'node:worker_threads';
import { planRun } from '../cli/run-options.ts';
import { carryOut } from './carry-out.ts';
import type { Numbered } from './merger.ts';
import { type FromWorker, SHARED, type WorkerTask } from './pool.ts';
import { programSubject } from './program-subject.ts';
import { divide } from './strategies.ts';

const { target, options, strategy, settings, limits, shared } = workerData as WorkerTask;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const say = (message: FromWorker): void => parentPort?.postMessage(message);
const plan = await planRun(target, options, true);
const subject = programSubject({ ...plan, choosesEvents: options.events === true });
const division = divide(strategy, settings);

parentPort?.on('message', ({ number, part }: Numbered) => {
  const result = carryOut(division, part, subject, limits, () => {
    Atomics.add(shared, SHARED.schedules, 1);
    return number <= Atomics.load(shared, SHARED.lastUseful);
  });
  say({ number, result });
});
say('ready');
