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
import { ERROR } from '../../kernel/abi/index.ts';
import { roundUp } from '../runtime/line.ts';
import { copyBlock, takeWord } from './copy.ts';
import { runOnStack } from './lrpc.ts';
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
import { type Memory, whereIs } from './layout.ts';

/** What a procedure does. */
export type Body<P> =
  P extends Procedure<infer I, infer O>
    ? (inputs: Inputs<I>, into: Blocks<O>, state: number) => Code<Words<O>>
    : never;

export type Bodies<P extends Procedures> = { readonly [N in keyof P]: Body<P[N]> };

/** Where a server finds a call. */
export interface Source {
  readonly message: number;
  /** Whether the client can still write the message. */
  readonly shared: boolean;
  /** Memory of this thread alone, as many bytes as the server says. */
  readonly stack: number;
  /** The segment beside the message, if it has so many bytes; or an error. */
  readonly segment: (bytes: number) => Code<number>;
}

/** A server as a transport sees it. */
export interface Server {
  readonly exported: Interface;
  /** Bytes of a server's stack that arguments are copied to. */
  readonly stack: number;
  /** Runs a procedure; gives whether its arguments were such as it has. */
  readonly run: (index: number, from: Source, state: number) => Code<boolean>;
  /** Where the kernel enters the server for each procedure, where a caller's thread executes it (lrpc.ts). */
  readonly entries: readonly ((aStack: number, block: number) => Code<number>)[];
}

type AnyBody = (inputs: Arguments, into: Addresses, state: number) => Code<Addresses>;

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
    *run(index: number, from: Source, state: number): Code<boolean> {
      const [signature, body] = table[index] as (typeof table)[number];
      const bytes = yield* variableBytes(signature, from.message);
      const aside = bytes < 0 ? bytes : yield* findAside(signature, from, bytes);
      if (aside < 0) return false;
      const memory = { message: from.message, aside };
      const inputs = yield* takeArguments(signature, from, memory, bytes);
      yield* putResults(signature, memory, yield* body(inputs, blocksOf(signature, memory), state));
      return true;
    },
  });
  return server;
};

/** Bytes of arguments that are copied to a server's stack. */
const stackSize = ({ layout }: Signature): number => {
  const fixed = layout.inputs.reduce((sum, { kind }) => sum + roundUp(kind.size, 4), 0);
  if (layout.variable === undefined) return fixed;
  const { kind, room } = layout.variable;
  return fixed + (kind.immutable ? roundUp(kind.size, 4) : room);
};

/** Bytes of the argument of variable size, looked at once; EMSGSIZE if they are more than may be. */
function* variableBytes({ layout: { variable } }: Signature, message: number): Code<number> {
  if (variable === undefined) return 0;
  const bytes = yield load(message + variable.offset);
  return bytes < 0 || bytes > variable.kind.size ? ERROR.EMSGSIZE : bytes;
}

/** The segment of a call that needs one; 0 if it does not, or an error. */
function* findAside({ layout }: Signature, { segment }: Source, bytes: number): Code<number> {
  const { aside, variable } = layout;
  const more = variable !== undefined && bytes > variable.room ? bytes : 0;
  return aside + more === 0 ? 0 : yield* segment(aside + more);
}

// DOC: server-stub
/** Arguments as the procedure gets them; `stack` grows upwards. */
function* takeArguments(
  { layout }: Signature,
  { shared, stack }: Source,
  memory: Memory,
  bytes: number,
): Code<Arguments> {
  const inputs: Record<string, number | Span> = {};
  let free = stack;
  for (const place of layout.inputs) {
    const { name, kind } = place;
    const at = whereIs(memory, place);
    if (kind.kind === 'word') inputs[name] = shared ? yield load(at) : yield* takeWord('E', at);
    else if ((kind.kind === 'bytes' && kind.byReference) || (shared && !kind.immutable)) inputs[name] = at;
    else {
      yield* copyBlock('E', free, at, kind.size);
      inputs[name] = free;
      free += roundUp(kind.size, 4);
    }
  }
  if (layout.variable === undefined) return inputs;
  const { name, kind, offset, room } = layout.variable;
  const at = bytes > room ? memory.aside + layout.aside : memory.message + offset + 4;
  const copied = !shared || kind.immutable;
  if (copied) yield* copyBlock('E', free, at, bytes);
  inputs[name] = { at: copied ? free : at, bytes };
  return inputs;
}

const blocksOf = ({ layout }: Signature, memory: Memory): Addresses =>
  Object.fromEntries(layout.outputs.map((place) => [place.name, whereIs(memory, place)]));

function* putResults({ layout }: Signature, memory: Memory, results: Addresses): Code {
  for (const place of layout.outputs) {
    if (place.kind.kind === 'word') yield store(whereIs(memory, place), results[place.name] as number);
  }
}
