/**
 * Client stubs, made from an interface and a transport at the time that a module is loaded:
 *
 *     const adder = clientOf(Adder, messages);
 *     const bound = yield* adder.bind(memory);
 *     const answer = yield* adder.call.add(memory, { a: 1, b: 2 });
 *     if (answer.kind === 'returned') … answer.results.sum
 *
 * A stub takes a message, copies the arguments into it, calls, and copies the results out. It holds no data. Where a call
 * has more bytes than a message has room for, it takes a segment beside the message, if the transport has such.
 */
import { type Code, MARK, mark } from '../../hw/isa/index.ts';
import { ERROR } from '../../kernel/abi/index.ts';
import { copyBlock, putWord, takeWord } from './copy.ts';
import type {
  Addresses,
  Arguments,
  Blocks,
  Inputs,
  Interface,
  Procedure,
  Procedures,
  Signature,
  Span,
  Words,
} from './interface.ts';
import { type Fields, type Memory, type Place, whereIs } from './layout.ts';
import type { Transport } from './transport.ts';

/** What came of a call. A call returns exactly once, or fails exactly once. */
export type Answer<R> =
  | { readonly kind: 'returned'; readonly results: R }
  /** The mechanism refused it, or the server ended: a negative error. */
  | { readonly kind: 'failed'; readonly error: number };

/** A stub: binding, arguments and, if there are blocks among the results, addresses for them. */
export type Stub<P> =
  P extends Procedure<infer I, infer O>
    ? (
        binding: number,
        inputs: Inputs<I>,
        ...into: keyof Blocks<O> extends never ? [] : [into: Blocks<O>]
      ) => Code<Answer<Words<O>>>
    : never;

export interface Client<P extends Procedures> {
  /** Bytes of memory that a binding takes. */
  readonly bindingSize: number;
  /** Binds; gives 0 or an error. `memory` must be zero, and is the binding from then on. */
  readonly bind: (memory: number) => Code<number>;
  /** The binding for calls of threads on a hart. It is one with the binding, which can be used everywhere. */
  readonly near: (binding: number, hart: number) => number;
  readonly unbind: (binding: number) => Code<number>;
  readonly call: { readonly [N in keyof P]: Stub<P[N]> };
}

/** The stubs of an interface over a transport. */
export const clientOf = <P extends Procedures>(wanted: Interface<P>, transport: Transport): Client<P> => {
  const stubs = wanted.signatures.map((signature) => [signature.name, stubOf(transport, signature)]);
  return Object.freeze({
    bindingSize: transport.bindingSize(wanted),
    bind: (memory: number) => transport.bind(memory, wanted),
    near: (binding: number, hart: number) => transport.near(binding, hart),
    unbind: (binding: number) => transport.unbind(binding),
    call: Object.freeze(Object.fromEntries(stubs)) as Client<P>['call'],
  });
};

// DOC: client-stub
const stubOf = (transport: Transport, signature: Signature) =>
  function* stub(binding: number, inputs: Arguments, into: Addresses = {}): Code<Answer<Words<Fields>>> {
    yield mark(MARK.callBegun, signature.index);
    const message = yield* transport.take(binding, signature);
    if (message < 0) {
      yield mark(MARK.callEnded, signature.index);
      return { kind: 'failed', error: message };
    }
    const bytes = variableBytes(signature, inputs);
    const aside = yield* takeAside(transport, binding, signature, message, bytes);
    const error =
      aside < 0 ? aside : yield* make(transport, binding, signature, { message, aside }, inputs, bytes);
    const results = error === 0 ? yield* takeResults({ message, aside }, signature, inputs, into) : {};
    yield* transport.give(binding, signature, message, error);
    yield mark(MARK.callEnded, signature.index);
    return error === 0 ? { kind: 'returned', results } : { kind: 'failed', error };
  };

/** Bytes of the argument of variable size. */
const variableBytes = ({ layout: { variable } }: Signature, inputs: Arguments): number =>
  variable === undefined ? 0 : (inputs[variable.name] as Span).bytes;

/** The segment beside a message, if the call needs one (0: it does not); or an error. */
function* takeAside(
  transport: Transport,
  binding: number,
  signature: Signature,
  message: number,
  bytes: number,
): Code<number> {
  const { aside, variable } = signature.layout;
  if (variable !== undefined && (bytes < 0 || bytes > variable.kind.size)) return ERROR.EMSGSIZE;
  const more = variable !== undefined && bytes > variable.room ? bytes : 0;
  return aside + more === 0 ? 0 : yield* transport.segment(binding, signature, message, aside + more);
}

/** Copies the arguments into the message and its segment, and calls. */
function* make(
  transport: Transport,
  binding: number,
  signature: Signature,
  memory: Memory,
  inputs: Arguments,
  bytes: number,
): Code<number> {
  const { layout } = signature;
  for (const place of layout.inputs) yield* putArgument(memory, place, inputs);
  if (layout.variable === undefined)
    return yield* transport.call(binding, signature, memory.message, layout.request);
  const { name, offset, room } = layout.variable;
  yield* putWord('A', memory.message + offset, bytes);
  const inline = bytes <= room;
  const to = inline ? memory.message + offset + 4 : memory.aside + layout.aside;
  yield* copyBlock('A', to, (inputs[name] as Span).at, bytes);
  return yield* transport.call(binding, signature, memory.message, layout.request + (inline ? bytes : 0));
}

function* putArgument(memory: Memory, place: Place, inputs: Arguments): Code {
  const given = inputs[place.name] as number;
  if (place.kind.kind === 'word') yield* putWord('A', whereIs(memory, place), given);
  else yield* copyBlock('A', whereIs(memory, place), given, place.kind.size);
}

function* takeResults(
  memory: Memory,
  { layout }: Signature,
  inputs: Arguments,
  into: Addresses,
): Code<Addresses> {
  const results: Record<string, number> = {};
  for (const place of layout.inputs) {
    const { name, kind } = place;
    if (kind.kind === 'bytes' && kind.byReference)
      yield* copyBlock('F', inputs[name] as number, whereIs(memory, place), kind.size);
  }
  for (const place of layout.outputs) {
    const { name, kind } = place;
    if (kind.kind === 'word') results[name] = yield* takeWord('F', whereIs(memory, place));
    else yield* copyBlock('F', into[name] as number, whereIs(memory, place), kind.size);
  }
  return results;
}
