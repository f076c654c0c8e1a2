/**
 * Memory as a program may expect it: one array of words, instructions applied one by one in the order in
 * which the machine issued them. A store-conditional may fail for reasons of the cache, so it is told how it
 * went; that it may succeed is the model's to judge.
 */
import { OP } from '../../../hw/isa/op.ts';
import type { TraceEvent } from '../../../hw/trace/event.ts';

type Issued = Extract<TraceEvent, { kind: 'instruction' }>;

export class ReferenceMemory {
  private readonly words = new Map<number, number>();
  /** Line that each hart has reserved, unless another hart has written it since. */
  private readonly reserved = new Map<number, number>();
  private readonly lineBytes: number;

  constructor(lineBytes: number) {
    this.lineBytes = lineBytes;
  }

  word(address: number): number {
    return this.words.get(address >> 2) ?? 0;
  }

  /** Applies an instruction; gives the result that the program must see. */
  apply({ hart, op, a, b, c }: Issued): number {
    const at = a & ~3;
    const shift = (a & 3) * 8;
    const old = this.word(at);
    switch (op) {
      case OP.load:
        return old;
      case OP.load8:
        return (old >>> shift) & 0xff;
      case OP.load16:
        return (old >>> shift) & 0xffff;
      case OP.store:
        return this.write(hart, at, b, 0);
      case OP.store8:
        return this.write(hart, at, (old & ~(0xff << shift)) | ((b & 0xff) << shift), 0);
      case OP.store16:
        return this.write(hart, at, (old & ~(0xffff << shift)) | ((b & 0xffff) << shift), 0);
      case OP.testAndSet:
        return this.write(hart, at, 1, old);
      case OP.fetchAndStore:
        return this.write(hart, at, b, old);
      case OP.fetchAndAdd:
        return this.write(hart, at, (old + b) | 0, old);
      case OP.compareAndSwap:
        // Like the hardware it takes the line to write, whether or not it writes.
        return this.write(hart, at, old === b ? c : old, old);
      case OP.loadReserved:
        this.reserved.set(hart, this.lineOf(at));
        return old;
      case OP.zeroLine:
        for (let word = this.lineOf(a); word < this.lineOf(a) + this.lineBytes; word += 4)
          this.write(hart, word, 0, 0);
        return 0;
      default:
        return 0;
    }
  }

  /**
   * Applies a store-conditional that gave `result` (0: it wrote).
   * @returns whether it was right to succeed, if it did
   */
  applyConditional({ hart, a, b }: Issued, result: number): boolean {
    const held = this.reserved.get(hart) === this.lineOf(a);
    this.reserved.delete(hart);
    if (result !== 0) return true;
    this.write(hart, a, b, 0);
    return held;
  }

  private lineOf(address: number): number {
    return address - (address % this.lineBytes);
  }

  private write(hart: number, address: number, value: number, result: number): number {
    this.words.set(address >> 2, value);
    const line = this.lineOf(address);
    for (const [other, reserved] of this.reserved)
      if (other !== hart && reserved === line) this.reserved.delete(other);
    return result;
  }
}
