/** Direct memory access that keeps the caches coherent, line by line, where the machine does that at all. */
import type { MemorySystem } from '../coherence/memory-system.ts';
import type { PhysicalMemory } from '../memory/physical.ts';
import type { Dma } from './disk.ts';

export class CoherentDma implements Dma {
  readonly size: number;
  private readonly memory: PhysicalMemory;
  private readonly coherent: MemorySystem;
  private readonly lineShift: number;

  constructor(memory: PhysicalMemory, coherent: MemorySystem, lineShift: number) {
    this.size = memory.size;
    this.memory = memory;
    this.coherent = coherent;
    this.lineShift = lineShift;
  }

  read(address: number, into: Int32Array): void {
    this.eachLine(address, into.length, (line) => this.coherent.deviceReads(line));
    into.set(this.memory.words.subarray(address >>> 2, (address >>> 2) + into.length));
  }

  write(address: number, from: Int32Array): void {
    this.eachLine(address, from.length, (line) => this.coherent.deviceWrites(line));
    this.memory.words.set(from, address >>> 2);
  }

  private eachLine(address: number, words: number, visit: (line: number) => void): void {
    const end = (address + 4 * words - 1) >>> this.lineShift;
    for (let line = address >>> this.lineShift; line <= end; line++) visit(line);
  }
}
