/** Direct memory access that keeps the caches coherent, line by line, where the machine does that at all. */
import type { Footprint } from '../hart/footprint.ts';
import type { MemorySystem } from '../coherence/memory-system.ts';
import type { PhysicalMemory } from '../memory/physical.ts';
import type { Dma } from './disk.ts';

export class CoherentDma implements Dma {
  readonly size: number;
  /** What the current step touches, for a search of schedules. */
  footprint: Footprint | undefined = undefined;
  /** Where the memory that the device can see begins. */
  private readonly base: number;
  private readonly memory: PhysicalMemory;
  private readonly coherent: MemorySystem;
  private readonly lineShift: number;

  constructor(memory: PhysicalMemory, coherent: MemorySystem, lineShift: number, base: number, size: number) {
    this.size = size;
    this.base = base;
    this.memory = memory;
    this.coherent = coherent;
    this.lineShift = lineShift;
  }

  read(local: number, into: Int32Array): void {
    const address = this.base + local;
    this.eachLine(address, into.length, (line) => this.coherent.deviceReads(line));
    this.footprint?.readBlock(address, into.length);
    into.set(this.memory.words.subarray(address >>> 2, (address >>> 2) + into.length));
  }

  write(local: number, from: Int32Array): void {
    const address = this.base + local;
    this.eachLine(address, from.length, (line) => this.coherent.deviceWrites(line));
    this.footprint?.writeBlock(address, from.length);
    this.memory.words.set(from, address >>> 2);
  }

  private eachLine(address: number, words: number, visit: (line: number) => void): void {
    const end = (address + 4 * words - 1) >>> this.lineShift;
    for (let line = address >>> this.lineShift; line <= end; line++) visit(line);
  }
}
