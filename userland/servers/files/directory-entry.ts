/**
 * An entry of a directory, as the disk has it: inode (0: the entry is free), length of the record, length of the name, kind,
 * name. Records fill their block without a gap.
 */
import { type Code, load, load16, load8, store, store16, store8 } from '../../../hw/isa/index.ts';
import { roundUp } from '../../runtime/line.ts';
import { copyBytes, sameBytes } from './bytes.ts';

/** Offsets; RECORD has 16 bits, NAME_LENGTH and TYPE have 8. */
export const ENTRY = { INODE: 0, RECORD: 4, NAME_LENGTH: 6, TYPE: 7, NAME: 8 } as const;

/** Longest name, in bytes. */
export const LONGEST_NAME = 255;

/** Bytes that an entry with a name of so many bytes takes at least. */
export const recordFor = (nameLength: number): number => roundUp(ENTRY.NAME + nameLength, 4);

/** A name, where it lies in memory. */
export interface Name {
  readonly at: number;
  readonly length: number;
}

/** Bytes of the record at an address, at an offset in a block of `size`; 0 if it makes no sense. */
export function* recordOf(entry: number, offset: number, size: number): Code<number> {
  const record = yield load16(entry + ENTRY.RECORD);
  const least = recordFor(yield load8(entry + ENTRY.NAME_LENGTH));
  return record >= ENTRY.NAME &&
    (record & 3) === 0 &&
    offset + record <= size &&
    record >= Math.min(least, 12)
    ? record
    : 0;
}

export function* hasName(entry: number, name: Name): Code<boolean> {
  if ((yield load(entry + ENTRY.INODE)) === 0) return false;
  if ((yield load8(entry + ENTRY.NAME_LENGTH)) !== name.length) return false;
  return yield* sameBytes(entry + ENTRY.NAME, name.at, name.length);
}

/** Fills an entry in; its record keeps its length unless it is given. */
export function* fillEntry(entry: number, inode: number, type: number, name: Name, record = 0): Code {
  yield store(entry + ENTRY.INODE, inode);
  if (record !== 0) yield store16(entry + ENTRY.RECORD, record);
  yield store8(entry + ENTRY.NAME_LENGTH, name.length);
  yield store8(entry + ENTRY.TYPE, type);
  yield* copyBytes(entry + ENTRY.NAME, name.at, name.length);
}

/** Bytes of a record that its entry does not need. */
export function* spareOf(entry: number): Code<number> {
  const record = yield load16(entry + ENTRY.RECORD);
  if ((yield load(entry + ENTRY.INODE)) === 0) return record;
  return record - recordFor(yield load8(entry + ENTRY.NAME_LENGTH));
}

/** Whether it is `.` or `..`. */
export function* isDots(entry: number): Code<boolean> {
  const length = yield load8(entry + ENTRY.NAME_LENGTH);
  const dot = 46;
  if (length < 1 || length > 2 || (yield load8(entry + ENTRY.NAME)) !== dot) return false;
  return length === 1 || (yield load8(entry + ENTRY.NAME + 1)) === dot;
}
