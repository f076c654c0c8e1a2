/** A thread's place in an MCS queue: who comes next, and whether this thread's turn has come. Two words. */
export class QNode {
  static readonly SIZE = 8;
  readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  get next(): number {
    return this.address;
  }

  get gotIt(): number {
    return this.address + 4;
  }
}
