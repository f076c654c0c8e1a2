/** Threads that use files of their own share nothing in the file server: Tornado's third micro-benchmark. */
import { expect, test } from 'vitest';
import { addressOf, type Code } from '../../../../hw/isa/index.ts';
import { filesByLrpc, filesByPpc, type FileTransport } from '../../../../userland/files/attach.ts';
import { FileSystem } from '../../../../userland/files/file-system.ts';
import { OPEN } from '../../../../userland/files/protocol.ts';
import { Env } from '../../../../userland/runtime/env.ts';
import { clock, threadSpawn } from '../../../../userland/runtime/system-calls.ts';
import { joinThread } from '../../../../userland/runtime/thread.ts';
import { SenseReversingBarrier } from '../../../../userland/sync/barriers/sense-reversing.ts';
import { makeImage } from './ext2-image.ts';
import { runFiles } from './run-files.ts';

const WARM_UP = 4;
const CALLS = 12;
const buffer = 6 * 1024;

/** Cycles of an fstat, on the average of all threads, when so many make them at once. */
function cyclesOf(by: FileTransport, harts: number): number {
  const files = Object.fromEntries(Array.from({ length: harts }, (_, index) => [`f${index}`, 'x']));
  let sum = 0;
  const ran = runFiles(
    makeImage({ files }),
    function* (_files, env) {
      const barrier = new SenseReversingBarrier((yield* env.stack()) + buffer, harts);
      function* statter(index: number, block: number): Code<number> {
        const own = new Env(block);
        // A binding of its own: what is shared of one is measured elsewhere.
        const bound = yield* FileSystem.attach(by, own);
        const view = yield* FileSystem.at(by, bound, own);
        const at = (yield* own.stack()) + buffer + 256;
        const file = yield* view.open(`/f${index}`, OPEN.READ);
        for (let call = 0; call < WARM_UP; call++) yield* view.fstat(file, at);
        yield* barrier.wait();
        const begun = yield* clock();
        let failed = 0;
        for (let call = 0; call < CALLS; call++) if ((yield* view.fstat(file, at)) !== 0) failed++;
        const ended = yield* clock();
        sum += ended - begun;
        return failed;
      }
      const threads: number[] = [];
      for (let index = 1; index < harts; index++)
        threads.push(yield* threadSpawn(yield addressOf(statter), index, index));
      let failed = yield* statter(0, env.block);
      for (const thread of threads) failed += yield* joinThread(env, thread);
      return failed;
    },
    { by, harts },
  );
  expect(ran.stop, ran.output).toEqual({ kind: 'halted', status: 0 });
  return Math.round(sum / harts / CALLS);
}

const WAYS = [
  ['LRPC', filesByLrpc],
  ['protected procedure calls', filesByPpc],
] as const;

test.each(process.env['EDDY_DEEP'] ? WAYS : WAYS.slice(0, 1))(
  'an fstat by %s takes eight threads hardly longer than one',
  (_name, by) => {
    const [alone, together] = [cyclesOf(by, 1), cyclesOf(by, 8)];
    expect(together).toBeLessThan(1.2 * alone);
  },
);
