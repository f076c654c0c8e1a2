/** Carrying one call out, where messages are the server's own: what all such transports do between two messages. */
import type { Code } from '../../hw/isa/index.ts';
import type { Server } from './server.ts';
import { noSegment } from './transport.ts';

/** What a server says beside its results; `refused`: there is no such procedure, or no such arguments. */
export const STATUS = { done: 0, refused: 1 } as const;

/** What is to go back: a status, and where in the message the reply lies. */
export interface Outcome {
  readonly status: number;
  readonly at: number;
  readonly bytes: number;
}

const REFUSED: Outcome = Object.freeze({ status: STATUS.refused, at: 0, bytes: 0 });

/** Runs the procedure of a number on a message; a number that there is not is refused. */
export function* serveOne(
  server: Server,
  procedure: number,
  message: number,
  stack: number,
  state: number,
): Code<Outcome> {
  const signature = server.exported.signatures[procedure];
  if (signature === undefined) return REFUSED;
  const done = yield* server.run(procedure, { message, shared: false, stack, segment: noSegment }, state);
  if (!done) return REFUSED;
  const { replyAt, reply } = signature.layout;
  return { status: STATUS.done, at: replyAt, bytes: reply };
}
