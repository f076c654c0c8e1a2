/**
 * The transports of conventional RPC: messages through a port of the kernel, which a thread of the server receives. Two
 * forms: message passing, and restricted message passing (LRPC paper, table III).
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { ERROR, PORT_KIND } from '../../kernel/abi/index.ts';
import { LINE } from '../runtime/line.ts';
import {
  portBind,
  portCall,
  portClose,
  portCreate,
  portReceive,
  portReplyReceive,
} from '../runtime/system-calls.ts';
import type { Interface, Signature } from './interface.ts';
import { blocksSize, giveBlock, layOutBlocks, takeBlock } from './message-blocks.ts';
import { serveOne, STATUS } from './serve-one.ts';
import type { Server } from './server.ts';
import { BINDING, noSegment, stackOffset, type Transport } from './transport.ts';

/** Where in a binding the messages are. */
const BLOCKS = LINE;

const messageTransport = (name: string, kind: number): Transport =>
  Object.freeze({
    name,
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
      const status = yield* portCall(
        yield load(binding + BINDING.HANDLE),
        index,
        message,
        (request << 16) | layout.reply,
        message + layout.replyAt,
        yield load(binding + BINDING.TIMEOUT),
      );
      return status === STATUS.refused ? ERROR.EINVAL : status;
    },
    give: (binding: number, _signature: Signature, message: number) => giveBlock(binding + BLOCKS, message),
    *unbind(binding: number): Code<number> {
      return yield* portClose(yield load(binding + BINDING.HANDLE));
    },
    export: ({ exported }: Server) => portCreate(...exported.words, kind),
    // DOC: serve-messages
    *serve(server: Server, port: number, memory: number, state: number): Code<number> {
      const stack = memory + stackOffset(server);
      const { longest } = server.exported;
      let procedure = yield* portReceive(port, memory, longest, 0);
      for (;;) {
        if (procedure >= 0) {
          const { status, at, bytes } = yield* serveOne(server, procedure, memory, stack, state);
          procedure = yield* portReplyReceive(port, memory + at, bytes, status, memory, longest);
        } else if (procedure === ERROR.EAGAIN || procedure === ERROR.EMSGSIZE) {
          // A caller gave up, or sent too much: not the server's end.
          procedure = yield* portReceive(port, memory, longest, 0);
        } else return procedure;
      }
    },
  });

/** Message passing: seven copies of what goes there and back. */
export const messages = messageTransport('message', PORT_KIND.MESSAGE);
/** Restricted message passing: five. */
export const restricted = messageTransport('restricted', PORT_KIND.RESTRICTED);
