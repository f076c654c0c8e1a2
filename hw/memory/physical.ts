/**
 * The memory modules: one array of words for all nodes, node after node as address-map.ts says.
 * What lies here may be stale: a cache can hold a newer copy.
 */
import { zeroedWords } from './spare-words.ts';

export class PhysicalMemory {
  /** Bytes of memory: every address below is backed. */
  readonly size: number;
  readonly words: Int32Array;
  private readonly nodeShift: number;

  constructor(nodes: number, memoryPerNode: number) {
    this.size = nodes * memoryPerNode;
    this.words = zeroedWords(this.size >>> 2);
    this.nodeShift = Math.log2(memoryPerNode);
  }

  /** The node whose memory holds an address. */
  homeOf(address: number): number {
    return address >>> this.nodeShift;
  }
}
