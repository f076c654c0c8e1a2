/**
 * What one step of the machine touches: the words of memory that it reads and writes, page walks and the
 * updates of accessed and dirty bits included. Two steps of different actors commute unless one writes what
 * the other touches: that is what partial-order reduction needs to know.
 */
export class Footprint {
  /** Physical word addresses that were read, and perhaps written as well. */
  readonly touched: number[] = [];
  /** Those that were written. */
  readonly written: number[] = [];

  /** Forgets the last step. */
  clear(): void {
    this.touched.length = 0;
    this.written.length = 0;
  }

  read(address: number): void {
    this.touched.push(address & ~3);
  }

  write(address: number): void {
    this.touched.push(address & ~3);
    this.written.push(address & ~3);
  }
}
