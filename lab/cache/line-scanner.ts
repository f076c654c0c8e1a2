/** Reads the numbers of one line of a trace, byte by byte. What is damaged is a `Damage`, with the reason. */

/** What is wrong with a line. */
export class Damage extends Error {
  override readonly name = 'Damage';
}

const SPACE = 32;
const TAB = 9;
const LOW = 2 ** 32;
/** Hexadecimal digits below which an address is simply a number. */
const SHORT = 13;
const LONGEST = 16;

export class LineScanner {
  private buffer: Uint8Array = new Uint8Array();
  private at = 0;
  private end = 0;

  begin(buffer: Uint8Array, start: number, end: number): void {
    this.buffer = buffer;
    this.at = start;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** The byte that comes next, or 0 at the end. */
  peek(): number {
    return this.at < this.end ? (this.buffer[this.at] as number) : 0;
  }

  /** Whether the line goes on with something doubled, as `==`. */
  get isDoubled(): boolean {
    return this.at + 1 < this.end && this.buffer[this.at] === this.buffer[this.at + 1];
  }

  skip(): void {
    this.at++;
  }

  skipSpaces(): void {
    while (this.peek() === SPACE || this.peek() === TAB) this.at++;
  }

  atSpace(): boolean {
    return this.atEnd || this.peek() === SPACE || this.peek() === TAB;
  }

  /**
   * An address in hexadecimal digits, `0x` before them or not. One of 64 bits is read as two's complement, so
   * that the upper end of an address space, where kernels live, keeps exact numbers.
   */
  address(): number {
    if (this.peek() === 0x30 && ((this.buffer[this.at + 1] as number) | 32) === 0x78) this.at += 2;
    const first = this.at;
    let high = 0;
    let low = 0;
    for (let digit = hexDigit(this.peek()); digit >= 0; digit = hexDigit(this.peek())) {
      high = (high << 4) | (low >>> 28);
      low = (low << 4) | digit;
      this.at++;
    }
    const digits = this.at - first;
    if (digits === 0) throw new Damage(`an address in hexadecimal digits is wanted, not '${this.rest()}'`);
    const value = high * LOW + (low >>> 0);
    if (digits > LONGEST || (digits > SHORT && !Number.isSafeInteger(value)))
      throw new Damage(
        `the address ${this.text(first)} is none that hardware has: 53 bits and a sign are the most`,
      );
    return value;
  }

  /** A decimal number. */
  decimal(): number {
    const first = this.at;
    let value = 0;
    for (let digit = this.peek() - 0x30; digit >= 0 && digit <= 9; digit = this.peek() - 0x30) {
      value = value * 10 + digit;
      this.at++;
    }
    if (this.at === first) throw new Damage(`a number is wanted, not '${this.rest()}'`);
    return value;
  }

  /** What is left of the line, for messages. */
  rest(): string {
    return this.textBetween(this.at, this.end);
  }

  private text(from: number): string {
    return this.textBetween(from, this.at);
  }

  private textBetween(from: number, to: number): string {
    const text = Buffer.from(this.buffer.subarray(from, Math.min(to, from + 40))).toString('latin1');
    return text.replace(/[^ -~]/g, '?');
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 32;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
