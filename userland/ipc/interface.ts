/**
 * Interfaces between protection domains, described once; stubs for every mechanism come from the description.
 *
 *     export const Adder = defineInterface('adder', {
 *       null: procedure({}, {}),
 *       add: procedure({ a: word, b: word }, { sum: word }),
 *       bigIn: procedure({ data: bytes(200) }, {}),
 *     });
 *
 * What a client passes and what a server gives are checked against it by the compiler, names and all.
 */
import { packPlace } from '../../hw/isa/index.ts';
import type { BytesKind, VariableKind, WordKind } from './kinds.ts';
import { LINE } from '../runtime/line.ts';
import { type Fields, layOut, type MessageLayout } from './layout.ts';

/** Names of the fields of one kind. */
type Of<F extends Fields, K> = { [N in keyof F]: F[N] extends K ? N : never }[keyof F];

/** A block of variable size: its address, on a word, and its bytes. */
export interface Span {
  readonly at: number;
  readonly bytes: number;
}
/** Arguments: words by value, blocks by address. */
export type Inputs<F extends Fields> = { readonly [N in keyof F]: F[N] extends VariableKind ? Span : number };
/** Results that are words. */
export type Words<F extends Fields> = { readonly [N in Of<F, WordKind>]: number };
/** Addresses for results that are blocks. */
export type Blocks<F extends Fields> = { readonly [N in Of<F, BytesKind>]: number };

/** Arguments, and addresses or results, of any procedure. */
export type Arguments = Readonly<Record<string, number | Span>>;
export type Addresses = Readonly<Record<string, number>>;

/** A procedure's parameters and results. */
export interface Procedure<I extends Fields = Fields, O extends Fields = Fields> {
  readonly inputs: I;
  readonly outputs: O;
  readonly layout: MessageLayout;
  /** Calls that may be under way at a time on one binding, where the mechanism has such a limit. */
  readonly simultaneous: number;
}

export type Procedures = Readonly<Record<string, Procedure>>;

/** The default of LRPC, section 5.2. */
const SIMULTANEOUS = 5;

/** Declares a procedure. */
export const procedure = <const I extends Fields, const O extends Fields>(
  inputs: I,
  outputs: O,
  { simultaneous = SIMULTANEOUS }: { readonly simultaneous?: number } = {},
): Procedure<I, O> => Object.freeze({ inputs, outputs, layout: layOut(inputs, outputs), simultaneous });

/** Lines that a procedure's message takes. */
const linesOf = ({ layout }: Procedure): number => Math.max(1, Math.ceil(layout.size / LINE));

/** A procedure as a transport sees it: a number and a layout. */
export interface Signature {
  readonly name: string;
  readonly index: number;
  readonly layout: MessageLayout;
  /** Calls that may be under way at a time: of it, or of all that share its messages. */
  readonly simultaneous: number;
  /** The first procedure with messages of its size, whose messages it may use. */
  readonly lender: number;
}

export interface Interface<P extends Procedures = Procedures> {
  readonly name: string;
  /** The name in two words, as system calls take it. */
  readonly words: readonly [number, number];
  readonly procedures: P;
  /** The procedures in the order of their numbers. */
  readonly signatures: readonly Signature[];
  /** Bytes of the longest message. */
  readonly longest: number;
}

/**
 * Declares an interface. Its procedures are numbered in the order in which they stand.
 * @param name 1 to 12 of a–z, 0–9, `-`, `_` and `.`
 * @throws RangeError for another name
 */
export const defineInterface = <const P extends Procedures>(name: string, procedures: P): Interface<P> => {
  const rows = Object.values(procedures);
  const signatures = Object.entries(procedures).map(([key, { layout }], index) => {
    const alike = rows.filter((row) => linesOf(row) === linesOf(rows[index] as Procedure));
    const lender = rows.indexOf(alike[0] as Procedure);
    const simultaneous = Math.max(...alike.map((row) => row.simultaneous));
    return Object.freeze({ name: key, index, layout, simultaneous, lender });
  });
  const longest = Math.max(0, ...signatures.map(({ layout }) => layout.size));
  return Object.freeze({ name, words: packPlace(name), procedures, signatures, longest });
};
