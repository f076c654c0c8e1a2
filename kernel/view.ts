/**
 * A structure in emulated memory, seen from TypeScript: its address and nothing more.
 *
 * Subclasses add methods, never fields. Two views of one address are the same thing; a view may be made
 * anew at any time and costs the emulated machine nothing.
 */
export class View {
  readonly address: number;
  constructor(address: number) {
    this.address = address;
  }
}
