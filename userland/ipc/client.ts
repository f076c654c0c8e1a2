/**
 * Client stubs, made from an interface and a transport at the time that a module is loaded:
 *
 *     const adder = clientOf(Adder, messages);
 *     const bound = yield* adder.bind(memory);
 *     const answer = yield* adder.call.add(memory, { a: 1, b: 2 });
 *     if (answer.kind === 'returned') … answer.results.sum
 *
 * A stub takes a message, copies the arguments into it, calls, and copies the results out. It holds no data.
 */
import { type Code, MARK, mark } from '../../hw/isa/index.ts';
import { copyBlock, putWord, takeWord } from './copy.ts';
import type { Blocks, Inputs, Interface, Procedure, Procedures, Signature, Words } from './interface.ts';
import type { Fields, Place } from './layout.ts';
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

type AnyWords = Readonly<Record<string, number>>;

// DOC: client-stub
const stubOf = (transport: Transport, signature: Signature) =>
  function* stub(binding: number, inputs: AnyWords, into: AnyWords = {}): Code<Answer<Words<Fields>>> {
    yield mark(MARK.callBegun, signature.index);
    const message = yield* transport.take(binding, signature);
    if (message < 0) {
      yield mark(MARK.callEnded, signature.index);
      return { kind: 'failed', error: message };
    }
    for (const place of signature.layout.inputs) yield* putArgument(message, place, inputs);
    const error = yield* transport.call(binding, signature, message);
    const results = error === 0 ? yield* takeResults(message, signature, inputs, into) : {};
    yield* transport.give(binding, signature, message, error);
    yield mark(MARK.callEnded, signature.index);
    return error === 0 ? { kind: 'returned', results } : { kind: 'failed', error };
  };

function* putArgument(message: number, { name, kind, offset }: Place, inputs: AnyWords): Code {
  const given = inputs[name] as number;
  if (kind.kind === 'word') yield* putWord('A', message + offset, given);
  else yield* copyBlock('A', message + offset, given, kind.size);
}

function* takeResults(
  message: number,
  { layout }: Signature,
  inputs: AnyWords,
  into: AnyWords,
): Code<AnyWords> {
  const results: Record<string, number> = {};
  for (const { name, kind, offset } of layout.inputs) {
    if (kind.kind === 'bytes' && kind.byReference)
      yield* copyBlock('F', inputs[name] as number, message + offset, kind.size);
  }
  for (const { name, kind, offset } of layout.outputs) {
    if (kind.kind === 'word') results[name] = yield* takeWord('F', message + offset);
    else yield* copyBlock('F', into[name] as number, message + offset, kind.size);
  }
  return results;
}
