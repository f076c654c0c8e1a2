/**
 * The two formats of address traces that are common:
 *
 * - *din* (Hill's Dinero): `label address`, the label 0 for a read, 1 for a write, 2 for an instruction fetch,
 *   the address in hexadecimal; whatever follows is not looked at. Nothing says how many bytes, so it is one.
 * - *lackey* (`valgrind --tool=lackey --trace-mem=yes`): `I  addr,size`, ` L addr,size`, ` S addr,size` and
 *   ` M addr,size`, which loads and then stores; lines between `==` are valgrind's own.
 */
import { Damage, type LineScanner } from './line-scanner.ts';
import { ACCESS_KINDS, type AccessKind } from './simulation.ts';

export type Visit = (kind: AccessKind, address: number, size: number) => void;

export interface TraceFormat {
  readonly name: 'din' | 'lackey';
  /** Whether a line that begins with this byte, spaces aside, is of this format. */
  readonly begins: (byte: number) => boolean;
  /** Reads a line that is not empty. @throws Damage */
  readonly read: (line: LineScanner, visit: Visit) => void;
}

const COMMA = 0x2c;
/** Bytes of one access, at most: the largest save of registers that a processor has, with room. */
const MOST_BYTES = 65_536;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const din: TraceFormat = {
  name: 'din',
  begins: isDigit,
  read(line, visit) {
    const label = line.decimal();
    const kind = ACCESS_KINDS[label];
    if (kind === undefined) throw new Damage(`the label is 0, 1 or 2 (read, write, fetch), not ${label}`);
    if (!line.atSpace()) throw new Damage(`a space is wanted after the label, not '${line.rest()}'`);
    line.skipSpaces();
    const address = line.address();
    if (!line.atSpace()) throw new Damage(`'${line.rest()}' follows the address`);
    visit(kind, address, 1);
  },
};

const LACKEY: Readonly<Record<string, readonly AccessKind[]>> = {
  I: ['fetch'],
  L: ['read'],
  S: ['write'],
  M: ['read', 'write'],
};
const kindsOf: readonly (readonly AccessKind[] | undefined)[] = Array.from(
  { length: 256 },
  (_, byte) => LACKEY[String.fromCharCode(byte)],
);

const lackey: TraceFormat = {
  name: 'lackey',
  begins: (byte) => kindsOf[byte] !== undefined,
  read(line, visit) {
    const kinds = kindsOf[line.peek()];
    if (kinds === undefined) throw new Damage(`an access is I, L, S or M, not '${line.rest()}'`);
    line.skip();
    if (!line.atSpace()) throw new Damage(`a space is wanted after the kind, not '${line.rest()}'`);
    line.skipSpaces();
    const address = line.address();
    if (line.peek() !== COMMA)
      throw new Damage('a comma and the number of bytes are wanted after the address');
    line.skip();
    const size = line.decimal();
    if (size < 1 || size > MOST_BYTES) throw new Damage(`${size} bytes: an access is of 1 to ${MOST_BYTES}`);
    line.skipSpaces();
    if (!line.atEnd) throw new Damage(`'${line.rest()}' follows the number of bytes`);
    for (const kind of kinds) visit(kind, address, size);
  },
};

export const TRACE_FORMATS: readonly TraceFormat[] = [din, lackey];
