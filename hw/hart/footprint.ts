/**
 * What one step of the machine touches: the words of memory that it reads and writes, page walks and the
 * updates of accessed and dirty bits included; devices, each as one word; and the interrupt lines into each
 * hart, which count as a word below all addresses. Two steps of different actors commute unless one writes what
 * the other touches: that is what partial-order reduction needs to know.
 *
 * Not kept: what the console prints, so the order of two harts' output does not matter.
 */
import { DEVICE_PAGE, DEVICES } from '../address-map.ts';

const interruptWord = (hart: number): number => -4 * (hart + 1);

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

  /** Words of memory that a device writes. */
  writeBlock(address: number, words: number): void {
    for (let word = 0; word < words; word++) this.write(address + 4 * word);
  }

  /** Words of memory that a device reads. */
  readBlock(address: number, words: number): void {
    for (let word = 0; word < words; word++) this.read(address + 4 * word);
  }

  /** A register of a device, whose reading may change the device, too. */
  device(address: number): void {
    if (Math.floor(address / DEVICE_PAGE) !== Math.floor(DEVICES.console.base / DEVICE_PAGE))
      this.write(address - (address % DEVICE_PAGE));
  }

  /** The hart might have taken an interrupt here, or looked whether one is pending. */
  readInterrupts(hart: number): void {
    this.touched.push(interruptWord(hart));
  }

  /** An interrupt line into the hart was set or cleared. */
  writeInterrupts(hart: number): void {
    this.touched.push(interruptWord(hart));
    this.written.push(interruptWord(hart));
  }
}
