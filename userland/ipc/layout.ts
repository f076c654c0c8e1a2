/**
 * Where the parameters and results of a procedure lie in a message, or on an A-stack: arguments first, of those
 * the ones by reference last, then results. So what goes to the server is one piece, and what comes back is, too.
 *
 *     | arguments | arguments by reference | results |
 *     |<------------- request ------------>|
 *                 |<------------- reply ------------>|
 */
import { roundUp } from '../runtime/line.ts';
import type { Kind } from './kinds.ts';

export type Fields = Readonly<Record<string, Kind>>;

/** A parameter or result, and its offset from the beginning of the message. */
export interface Place {
  readonly name: string;
  readonly kind: Kind;
  readonly offset: number;
}

export interface MessageLayout {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  /** Bytes that go to the server, from offset 0 on. */
  readonly request: number;
  /** Where what comes back begins, and how many bytes it has. */
  readonly replyAt: number;
  readonly reply: number;
  /** Bytes of the whole message. */
  readonly size: number;
}

const isByReference = (kind: Kind): boolean => kind.kind === 'bytes' && kind.byReference;

/** Lays a procedure's message out. */
export const layOut = (inputs: Fields, outputs: Fields): MessageLayout => {
  const given = Object.entries(inputs);
  const byValue = given.filter(([, kind]) => !isByReference(kind));
  const restored = given.filter(([, kind]) => isByReference(kind));
  const { places: first, end: replyAt } = place(byValue, 0);
  const { places: second, end: request } = place(restored, replyAt);
  const { places: results, end: size } = place(Object.entries(outputs), request);
  const layout = { inputs: [...first, ...second], outputs: results, request, replyAt, reply: size - replyAt };
  return Object.freeze({ ...layout, size });
};

function place(fields: readonly (readonly [string, Kind])[], from: number): { places: Place[]; end: number } {
  let end = from;
  const places = fields.map(([name, kind]) => {
    const offset = end;
    end += roundUp(kind.size, 4);
    return { name, kind, offset };
  });
  return { places, end };
}
