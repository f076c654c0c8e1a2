/** The name server: a process that is started at the boot. It says which server serves a path. */
import type { Code } from '../../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../../kernel/abi/index.ts';
import { implement } from '../../ipc/index.ts';
import { Env } from '../../runtime/env.ts';
import { roundUp } from '../../runtime/line.ts';
import { caller } from '../../runtime/server-calls.ts';
import { orThrow } from '../../runtime/system-call-error.ts';
import { mmap } from '../../runtime/system-calls.ts';
import { serveEverywhere, threadsOf } from '../serve.ts';
import { forgetEnded, NAME_TABLE_SIZE, registerName, resolveName, withdrawName } from './name-table.ts';
import { Names } from './protocol.ts';

const server = implement(Names, {
  *register({ prefix, name0, name1 }, _into, table) {
    const owner = yield* caller();
    return { result: owner < 0 ? owner : yield* registerName(table, owner, prefix, { name0, name1 }) };
  },
  *withdraw({ prefix }, _into, table) {
    const owner = yield* caller();
    return { result: owner < 0 ? owner : yield* withdrawName(table, owner, prefix) };
  },
  *resolve({ path }, _into, table) {
    return yield* resolveName(table, path);
  },
});

const threads = threadsOf({
  server,
  ended: forgetEnded,
  // biome-ignore lint/correctness/useYield: it has nothing to bring to an end
  *over() {
    return 0;
  },
});

/** First procedure of the process. */
export function* nameServer(_argument: number, block: number): Code<number> {
  const bytes = roundUp(NAME_TABLE_SIZE, LIMIT.PAGE);
  const table = orThrow('mmap', yield* mmap(0, bytes, MAP.READ | MAP.WRITE, 0));
  return (yield* serveEverywhere(new Env(block), threads, table)) < 0 ? 1 : 0;
}
