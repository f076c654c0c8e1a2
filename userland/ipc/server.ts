/**
 * Server stubs: an interface together with what its procedures do.
 *
 *     const adder = implement(Adder, {
 *       *null() { return {}; },
 *       *add({ a, b }) { return { sum: a + b }; },
 *       *bigInOut({ data }, into) { … into.data …; return {}; },
 *     });
 *
 * A procedure gets its arguments (blocks by the address of the server's copy), the addresses at which it is to leave
 * results that are blocks, and a word of its server's choice, usually the address of what it works on. Where the
 * message is the server's own, arguments are copied from it to the server's stack (E); on memory shared with the
 * client, immutable ones alone. Results go into the message where they arise.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { roundUp } from '../runtime/line.ts';
import { copyBlock, takeWord } from './copy.ts';
import { runOnStack } from './lrpc.ts';
import type { Blocks, Inputs, Interface, Procedure, Procedures, Signature, Words } from './interface.ts';

/** What a procedure does. */
export type Body<P> =
  P extends Procedure<infer I, infer O>
    ? (inputs: Inputs<I>, into: Blocks<O>, state: number) => Code<Words<O>>
    : never;

export type Bodies<P extends Procedures> = { readonly [N in keyof P]: Body<P[N]> };

/** A server as a transport sees it. */
export interface Server {
  readonly exported: Interface;
  /** Bytes of a server's stack that arguments are copied to. */
  readonly stack: number;
  /**
   * Runs a procedure on a message.
   * @param shared whether the client can still write the message
   * @param stack memory of this thread alone, `stack` bytes
   */
  readonly run: (index: number, message: number, shared: boolean, stack: number, state: number) => Code<void>;
  /** Where the kernel enters the server for each procedure, where a caller's thread executes it (lrpc.ts). */
  readonly entries: readonly ((aStack: number, block: number) => Code<number>)[];
}

type AnyWords = Readonly<Record<string, number>>;
type AnyBody = (inputs: AnyWords, into: AnyWords, state: number) => Code<AnyWords>;

/** Ties procedures to an interface. Call it at the top level of a module. */
export const implement = <P extends Procedures>(exported: Interface<P>, bodies: Bodies<P>): Server => {
  const table = exported.signatures.map(
    (signature) => [signature, bodies[signature.name] as unknown as AnyBody] as const,
  );
  const server: Server = Object.freeze({
    exported,
    entries: exported.signatures.map(({ index }) =>
      Object.freeze((aStack: number, block: number) => runOnStack(server, index, aStack, block)),
    ),
    stack: Math.max(0, ...exported.signatures.map(stackSize)),
    *run(index: number, message: number, shared: boolean, stack: number, state: number): Code {
      const [signature, body] = table[index] as (typeof table)[number];
      const inputs = yield* takeArguments(signature, message, shared, stack);
      yield* putResults(signature, message, yield* body(inputs, blocksOf(signature, message), state));
    },
  });
  return server;
};

const stackSize = ({ layout }: Signature): number =>
  layout.inputs.reduce((sum, { kind }) => sum + roundUp(kind.size, 4), 0);

// DOC: server-stub
/** Arguments as the procedure gets them; `stack` grows upwards. */
function* takeArguments(
  { layout }: Signature,
  message: number,
  shared: boolean,
  stack: number,
): Code<AnyWords> {
  const inputs: Record<string, number> = {};
  let free = stack;
  for (const { name, kind, offset } of layout.inputs) {
    if (kind.kind === 'word')
      inputs[name] = shared ? yield load(message + offset) : yield* takeWord('E', message + offset);
    else if (kind.byReference || (shared && !kind.immutable)) inputs[name] = message + offset;
    else {
      yield* copyBlock('E', free, message + offset, kind.size);
      inputs[name] = free;
      free += roundUp(kind.size, 4);
    }
  }
  return inputs;
}

const blocksOf = ({ layout }: Signature, message: number): AnyWords =>
  Object.fromEntries(layout.outputs.map(({ name, offset }) => [name, message + offset]));

function* putResults({ layout }: Signature, message: number, results: AnyWords): Code {
  for (const { name, kind, offset } of layout.outputs) {
    if (kind.kind === 'word') yield store(message + offset, results[name] as number);
  }
}
