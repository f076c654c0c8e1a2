/**
 * The third of Tornado's micro-benchmarks: each worker asks the file server of a file of its own, by LRPC, with a binding of
 * its own. The file is made before, and gone afterwards.
 */
import type { Code } from '../../hw/isa/index.ts';
import { filesByLrpc } from '../files/attach.ts';
import { FileSystem } from '../files/file-system.ts';
import { OPEN, STAT_BYTES } from '../files/protocol.ts';
import { Env } from '../runtime/env.ts';
import { roundUp, LINE } from '../runtime/line.ts';
import { awaitStart, LATE, operationsOf, timed } from './micro-worker.ts';

/** Calls before those that are timed. */
const WARM_UP = 4;
/** Where a stat goes on the stack: beyond the scratch of files. */
const STAT_AT = 6 * 1024;
/** The status of a worker that has no file: there may be no file server. */
export const NO_FILE = 2;

// DOC: micro-fstat
/** Makes a file and asks of it again and again. Gives 0, LATE or NO_FILE. */
export function* fstatWorker(told: number, block: number): Code<number> {
  const env = new Env(block);
  const binding = yield* FileSystem.attach(filesByLrpc, env);
  if (binding < 0) return NO_FILE;
  const files = yield* FileSystem.at(filesByLrpc, binding, env);
  const path = `/micro-${yield* env.hart()}`;
  const file = yield* files.open(path, OPEN.READ | OPEN.WRITE | OPEN.CREATE);
  if (file < 0) return NO_FILE;
  const at = roundUp((yield* env.stack()) + STAT_AT, Math.max(LINE, STAT_BYTES));
  let failed = yield* askOften(files, file, at, WARM_UP);
  const inTime = yield* awaitStart(told);
  if (inTime) {
    const operations = operationsOf(told);
    yield* timed(
      env,
      operations,
      (function* (): Code {
        failed += yield* askOften(files, file, at, operations);
      })(),
    );
  }
  yield* files.close(file);
  yield* files.unlink(path);
  if (failed > 0) return NO_FILE;
  return inTime ? 0 : LATE;
}

/** Gives how often it failed. */
function* askOften(files: FileSystem, file: number, at: number, count: number): Code<number> {
  let failed = 0;
  for (let call = 0; call < count; call++) if ((yield* files.fstat(file, at)) !== 0) failed++;
  return failed;
}
