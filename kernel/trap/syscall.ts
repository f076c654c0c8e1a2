/** System calls: arguments from the saved registers, the handler from the table, one result word. */
import { call, type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { handlerOf } from '../syscalls/table.ts';
import { THREAD } from '../threads/thread.ts';
import { prepareReturn, restore, save } from './return.ts';

/** Register a0 is x10. */
const A0 = 10;

// DOC: handle-syscall
/** Handles a system call; gives its result. Does not return in a dying process. */
export function* handleSyscall(thread: number, number: number): Code<number> {
  yield* save(thread);
  const handler = handlerOf(number);
  const result = handler === undefined ? ERROR.ENOSYS : yield* invoke(thread, handler);
  yield* handler?.transfers === true ? prepareReturn(thread) : restore(thread);
  return result;
}

type Handler = NonNullable<ReturnType<typeof handlerOf>>;

function* invoke(thread: number, handler: Handler): Code<number> {
  const registers = thread + THREAD.registers + 4 * A0;
  const a0 = handler.arguments > 0 ? yield load(registers) : 0;
  const a1 = handler.arguments > 1 ? yield load(registers + 4) : 0;
  const a2 = handler.arguments > 2 ? yield load(registers + 8) : 0;
  const a3 = handler.arguments > 3 ? yield load(registers + 12) : 0;
  const a4 = handler.arguments > 4 ? yield load(registers + 16) : 0;
  const a5 = handler.arguments > 5 ? yield load(registers + 20) : 0;
  return yield* call(handler.handle(thread, a0, a1, a2, a3, a4, a5));
}
