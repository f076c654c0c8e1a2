/**
 * A multistage network of 2 × 2 switches between processors on one side and memory modules on the other
 * (Lawrie's omega network, 1975): log2 of the ports stages each way, one path for each pair. Each switch
 * output is busy for a while with each message, so paths that share one wait for each other.
 */
import type { Fabric } from './fabric.ts';
import { BusyParts, type TrafficRow } from './traffic.ts';

export class Omega implements Fabric {
  queued = 0;
  private readonly stages: number;
  private readonly mask: number;
  private readonly hop: number;
  private readonly ownMemory: boolean;
  private readonly requests: BusyParts;
  private readonly answers: BusyParts;

  /** @param ownMemory whether each processor has a module of its own, reached without the network (Butterfly) */
  constructor(nodes: number, hop: number, occupancy: number, ownMemory: boolean) {
    this.stages = Math.max(1, Math.ceil(Math.log2(nodes)));
    this.mask = (1 << this.stages) - 1;
    this.hop = hop;
    this.ownMemory = ownMemory;
    this.requests = new BusyParts(this.stages << this.stages, occupancy);
    this.answers = new BusyParts(this.stages << this.stages, occupancy);
  }

  toHome(node: number, home: number, now: number): number {
    return this.isLocal(node, home) ? now : this.send(this.requests, node, home, now);
  }

  fromHome(home: number, node: number, now: number): number {
    return this.isLocal(node, home) ? now : this.send(this.answers, home, node, now);
  }

  /** Processors are on one side: a message between them goes to the other side and back. */
  across(from: number, to: number, now: number): number {
    if (from === to) return now;
    return this.send(this.answers, to, to, this.send(this.requests, from, to, now));
  }

  isLocal(node: number, home: number): boolean {
    return this.ownMemory && node === home;
  }

  traffic(): TrafficRow[] {
    // A link is a switch output: stage and number.
    const describe = (direction: string) => (link: number) => ({
      kind: 'link' as const,
      name: `${direction} switch ${link >> this.stages}.${link & this.mask}`,
    });
    return [...this.requests.rows(describe('request')), ...this.answers.rows(describe('answer'))];
  }

  // DOC: omega-send
  private send(links: BusyParts, from: number, to: number, now: number): number {
    let time = now;
    for (let stage = 0; stage < this.stages; stage++) {
      // After each stage one more bit of the number of the place is the destination's.
      const line = ((from << (stage + 1)) | (to >>> (this.stages - 1 - stage))) & this.mask;
      const link = (stage << this.stages) | line;
      const start = links.occupy(link, time);
      this.queued += start - time;
      time = start + this.hop;
    }
    return time;
  }
}
