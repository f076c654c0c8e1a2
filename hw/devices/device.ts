/** A device behind a page of registers. It gets the wires that it needs, never the whole machine. */
export interface Device {
  /** Reads the register at an offset, or gives undefined where none is. */
  read(offset: number, hart: number, now: number): number | undefined;
  /** Writes the register at an offset; gives false where none is. */
  write(offset: number, value: number, hart: number, now: number): boolean;
}

/** Raises an interrupt source at the interrupt controller. */
export type RaiseSource = (source: number, now: number) => void;
