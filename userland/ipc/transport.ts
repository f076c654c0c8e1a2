/**
 * A transport: one mechanism by which a message, or an A-stack, gets to another domain and back. Stubs are the same
 * for all of them.
 *
 * A binding is what a client has of a server: words of the client's memory, which its threads may share. A transport
 * keeps nothing but what lies there, so it is code, and one object serves everybody.
 */
import type { Code } from '../../hw/isa/index.ts';
import { ERROR } from '../../kernel/abi/index.ts';
import { LINE, roundUp } from '../runtime/line.ts';
import type { Interface, Signature } from './interface.ts';
import type { Server } from './server.ts';

/**
 * How every binding begins: a handle of the kernel's, and the time-out of calls in cycles (0, as it is at first: none),
 * which a client may change whenever it likes. A call that takes longer gives ETIMEDOUT.
 */
export const BINDING = { HANDLE: 0, TIMEOUT: 4 } as const;

/** The client's side. */
export interface Transport {
  readonly name: string;
  /** Whether the server works on the very memory that the client has filled, which the client can still change. */
  readonly shared: boolean;
  /** Bytes of memory that a binding takes, from a word on. */
  bindingSize(wanted: Interface): number;
  /**
   * Binds to the server that has exported the interface. `memory` is zero at first, and the binding's as long as it is used.
   * @returns 0 or an error (ESRCH: nobody has exported it)
   */
  bind(memory: number, wanted: Interface): Code<number>;
  /** A binding that exists, for the calls of threads on a hart: they share less with those of other harts. */
  near(binding: number, hart: number): number;
  /** Gives a message up to which nobody else writes, of this thread, or an error. */
  take(binding: number, signature: Signature): Code<number>;
  /**
   * Gives a segment of so many bytes beside a message that has been taken, seen by both domains.
   * @returns its address, or an error (EMSGSIZE: the mechanism has no segments)
   */
  segment(binding: number, signature: Signature, message: number, bytes: number): Code<number>;
  /**
   * Makes the call with what lies in the message, of which `request` bytes are to go; the results lie there afterwards.
   * @returns 0, or an error of the mechanism (ECALLFAILED: the server has ended)
   */
  call(binding: number, signature: Signature, message: number, request: number): Code<number>;
  /** Gives the message back; `error` is what the call came to. */
  give(binding: number, signature: Signature, message: number, error: number): Code;
  /** Ends a binding. */
  unbind(binding: number): Code<number>;

  /**
   * The server's side: makes an interface known, so that clients can bind from then on.
   * @returns a word that `serve` wants, or an error (EBUSY: another has exported it)
   */
  export(server: Server): Code<number>;
  /**
   * Serves calls with the calling thread until the export ends.
   * @param memory of this thread alone: `serverMemory(server)` bytes, from a page on
   * @param state passed to the procedures
   * @returns why it ended, an error
   */
  serve(server: Server, exported: number, memory: number, state: number): Code<number>;
}

/** What mechanisms without segments say. */
export function* noSegment(): Code<number> {
  return ERROR.EMSGSIZE;
}

/** Bytes that a thread which serves needs: for a message, and for a stack of arguments behind it. */
export const serverMemory = (server: Server): number => stackOffset(server) + server.stack;

/** Where in that memory the stack begins. */
export const stackOffset = (server: Server): number => roundUp(server.exported.longest, LINE);
