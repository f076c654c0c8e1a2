/**
 * Code addresses: which procedure lies at which address. Addresses are given out in the order of first use,
 * so they are the same in every run of the same program.
 */
import { CODE_BASE, CODE_STRIDE } from './address-map.ts';
import type { Code } from './isa/code.ts';

/** A procedure that can be started by address: it takes words and nothing else. */
export type Procedure = (...words: number[]) => Code<number | void>;

export class CodeTable {
  private readonly procedures: Procedure[] = [];
  private readonly addresses = new Map<Procedure, number>();

  /** The address of a procedure, given out at its first use. */
  addressOf(procedure: Procedure): number {
    let address = this.addresses.get(procedure);
    if (address === undefined) {
      address = (CODE_BASE + CODE_STRIDE * this.procedures.length) | 0;
      this.procedures.push(procedure);
      this.addresses.set(procedure, address);
    }
    return address;
  }

  /** The procedure at an address, or undefined where no code is. */
  at(address: number): Procedure | undefined {
    const offset = (address - CODE_BASE) | 0;
    if (offset < 0 || offset % CODE_STRIDE !== 0) return undefined;
    return this.procedures[offset / CODE_STRIDE];
  }

  /** Enters the procedure at an address with words; undefined where no code is. */
  enter(address: number, ...words: number[]): Code<number | void> | undefined {
    try {
      // A plain function, which the types refuse but a host may pass, executes here: it is no code.
      return this.at(address)?.(...words);
    } catch {
      return undefined;
    }
  }

  /** A name for messages. */
  nameOf(address: number): string {
    const name = this.at(address)?.name;
    return name ? name : `0x${(address >>> 0).toString(16)}`;
  }
}
