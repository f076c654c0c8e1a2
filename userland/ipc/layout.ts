/**
 * Where the parameters and results of a procedure lie in a message, or on an A-stack: arguments first, of those
 * the ones by reference last, then results; behind them an argument of variable size. So what goes to the server is one
 * piece, and what comes back is, too.
 *
 *     | arguments | arguments by reference | results | bytes, variable argument |
 *     |<------------- request ------------>|<- - - - - - request too - - - - ->|
 *                 |<------------- reply ------------>|
 *
 * A message is as long as an Ethernet packet at most (LRPC, section 3.5). What does not fit lies in a segment beside it,
 * if the transport has such: blocks of fixed size always, those of variable size when a call has so many bytes.
 */
import { LIMIT } from '../../kernel/abi/index.ts';
import { roundUp } from '../runtime/line.ts';
import type { Kind, VariableKind } from './kinds.ts';

export type Fields = Readonly<Record<string, Kind>>;

/** A parameter or result, and its offset from the beginning of the message, or of the segment. */
export interface Place {
  readonly name: string;
  readonly kind: Kind;
  readonly offset: number;
  readonly aside: boolean;
}

/** Where a message lies, and the segment beside it (0: none). */
export interface Memory {
  readonly message: number;
  readonly aside: number;
}

/** Address of a field. */
export const whereIs = ({ message, aside }: Memory, place: Place): number =>
  (place.aside ? aside : message) + place.offset;

/** An argument of variable size. */
export interface VariablePlace {
  readonly name: string;
  readonly kind: VariableKind;
  /** Where in the message its bytes are told; it follows, if they are `room` at most. */
  readonly offset: number;
  readonly room: number;
}

export interface MessageLayout {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  readonly variable: VariablePlace | undefined;
  /** Bytes that go to the server, from offset 0 on; without those of the variable argument. */
  readonly request: number;
  /** Where what comes back begins, and how many bytes it has. */
  readonly replyAt: number;
  readonly reply: number;
  /** Bytes of the whole message. */
  readonly size: number;
  /** Bytes of the segment, without those of the variable argument, which follow. */
  readonly aside: number;
}

const isByReference = (kind: Kind): boolean => kind.kind === 'bytes' && kind.byReference;
const isVariable = (kind: Kind): kind is VariableKind => kind.kind === 'variable';

type Entry = readonly [string, Kind];

/**
 * Lays a procedure's message out.
 * @throws RangeError if more than one argument, or a result, is of variable size, or the words alone are too many
 */
export const layOut = (inputs: Fields, outputs: Fields): MessageLayout => {
  const given = Object.entries(inputs);
  const results = Object.entries(outputs);
  const variables = given.filter(([, kind]) => isVariable(kind));
  if (variables.length > 1 || results.some(([, kind]) => isVariable(kind)))
    throw new RangeError('a procedure has one argument of variable size at most, and no such result');
  const room = roomFor([...given, ...results], variables.length);
  const places = new Placer(room);
  const byValue = places.all(given.filter(([, kind]) => !isByReference(kind) && !isVariable(kind)));
  const replyAt = places.end;
  const byReference = places.all(given.filter(([, kind]) => isByReference(kind)));
  const fixedRequest = places.end;
  const taken = places.all(results);
  const end = places.end;
  const variable = variables.map(([name, kind]) => placeVariable(name, kind as VariableKind, end))[0];
  return Object.freeze({
    inputs: [...byValue, ...byReference],
    outputs: taken,
    variable,
    request: variable === undefined ? fixedRequest : end + 4,
    replyAt,
    reply: end - replyAt,
    size: variable === undefined ? end : end + 4 + roundUp(variable.room, 4),
    aside: places.endAside,
  });
};

/** Bytes that blocks may take of a message: what words, and a variable argument, leave. */
function roomFor(fields: readonly Entry[], variables: number): number {
  const words = fields.filter(([, kind]) => kind.kind === 'word').length;
  const room = LIMIT.MESSAGE - 4 * words - (variables > 0 ? 4 + LEAST_ROOM : 0);
  if (room < 0) throw new RangeError(`a message has ${LIMIT.MESSAGE} bytes at most`);
  return room;
}

/** Bytes of a message that fixed blocks leave to a variable argument. */
const LEAST_ROOM = 256;

function placeVariable(name: string, kind: VariableKind, offset: number): VariablePlace {
  return { name, kind, offset, room: Math.min(kind.size, LIMIT.MESSAGE - offset - 4) & -4 };
}

/** Gives fields their places, one after the other. */
class Placer {
  end = 0;
  endAside = 0;
  private room: number;

  constructor(room: number) {
    this.room = room;
  }

  all(fields: readonly Entry[]): Place[] {
    return fields.map(([name, kind]) => this.place(name, kind));
  }

  private place(name: string, kind: Kind): Place {
    const bytes = roundUp(kind.size, 4);
    const aside = kind.kind !== 'word' && bytes > this.room;
    const offset = aside ? this.endAside : this.end;
    if (aside) this.endAside += bytes;
    else this.end += bytes;
    if (!aside && kind.kind !== 'word') this.room -= bytes;
    return { name, kind, offset, aside };
  }
}
