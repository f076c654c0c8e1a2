/**
 * Host memory of the largest machine when each of its harts has touched memory of its own. It is measured in a
 * process of its own: here, other machines have been before.
 */
import { fork } from 'node:child_process';
import type { FootprintTask } from './footprint-process.ts';

export interface Footprint {
  readonly harts: number;
  readonly kibibytesPerHart: number;
  /** Resident memory of the process at its highest, node and all. */
  readonly peakRssMiB: number;
}

const BUILT = import.meta.url.endsWith('.js');
const PROCESS = new URL(BUILT ? './footprint-process.js' : './footprint-process.ts', import.meta.url);
/** Sources are TypeScript: the process needs the loader that runs them. */
const EXEC_ARGV = BUILT ? [] : ['--import', 'tsx'];

export function measureFootprint(task: FootprintTask): Promise<Footprint> {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS, [JSON.stringify(task)], {
      execArgv: EXEC_ARGV,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', (peakRssMiB: number) =>
      resolve({ harts: task.harts, kibibytesPerHart: task.bytesPerHart / 1024, peakRssMiB }),
    );
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`the process that measures memory ended with status ${code}`)),
    );
  });
}
