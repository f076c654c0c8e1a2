/**
 * The transport of protected procedure calls: the caller's hart is lent to a worker of the server on the same hart.
 *
 * Each thread that serves is a worker of the hart it runs on: a server has at least one on every hart that its clients
 * call from. The messages of a binding are shared by its threads; who wants no sharing binds once per hart.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR, PORT_KIND } from '../../kernel/abi/index.ts';
import { LINE } from '../runtime/line.ts';
import { portBind, portClose, portCreate, ppcAccept, ppcCall, ppcReturn } from '../runtime/system-calls.ts';
import type { Interface, Signature } from './interface.ts';
import { blocksSize, giveBlock, layOutBlocks, takeBlock } from './message-blocks.ts';
import { serveOne, STATUS } from './serve-one.ts';
import type { Server } from './server.ts';
import { BINDING, noSegment, stackOffset, type Transport } from './transport.ts';

/** Where in a binding the messages are. */
const BLOCKS = LINE;

/** Protected procedure calls on one hart. */
export const protectedCalls: Transport = Object.freeze({
  name: 'ppc',
  shared: false,
  bindingSize: ({ longest }: Interface) => BLOCKS + blocksSize(longest),
  *bind(binding: number, wanted: Interface): Code<number> {
    const handle = yield* portBind(...wanted.words);
    if (handle < 0) return handle;
    yield store(binding + BINDING.HANDLE, handle);
    yield* layOutBlocks(binding + BLOCKS, wanted.longest);
    return 0;
  },
  near: (binding: number) => binding,
  take: (binding: number) => takeBlock(binding + BLOCKS),
  segment: noSegment,
  *call(binding: number, { index, layout }: Signature, message: number, request: number): Code<number> {
    const handle = yield load(binding + BINDING.HANDLE);
    const sizes = (request << 16) | layout.reply;
    const timeout = yield load(binding + BINDING.TIMEOUT);
    const status = yield* ppcCall(handle, index, message, sizes, message + layout.replyAt, timeout);
    return status === STATUS.refused ? ERROR.EINVAL : status;
  },
  give: (binding: number, _signature: Signature, message: number) => giveBlock(binding + BLOCKS, message),
  *unbind(binding: number): Code<number> {
    return yield* portClose(yield load(binding + BINDING.HANDLE));
  },
  export: ({ exported }: Server) => portCreate(...exported.words, PORT_KIND.PPC),
  *serve(server: Server, port: number, memory: number, state: number): Code<number> {
    const stack = memory + stackOffset(server);
    const { longest } = server.exported;
    let procedure = yield* ppcAccept(port, memory, longest);
    for (;;) {
      if (procedure >= 0) {
        const { status, at, bytes } = yield* serveOne(server, procedure, memory, stack, state);
        procedure = yield* ppcReturn(port, memory + at, bytes, status, memory, longest);
      } else if (procedure === ERROR.EAGAIN) {
        // A caller gave up: not the server's end.
        procedure = yield* ppcAccept(port, memory, longest);
      } else return procedure;
    }
  },
});
