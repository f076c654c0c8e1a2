/** A set of physical address ranges. */
export class AddressRanges {
  private readonly ranges: { readonly from: number; readonly to: number }[] = [];

  /** Adds [from, to). */
  add(from: number, to: number): void {
    this.ranges.push({ from, to });
  }

  includes(address: number): boolean {
    return this.ranges.some(({ from, to }) => address >= from && address < to);
  }
}
