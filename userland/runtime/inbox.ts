/**
 * A node's messages on a cluster, by what they are about. A node that waits for one kind counts those of other kinds
 * that come meanwhile, so none is lost and none taken for another. For one hart at each node.
 */
import { type Code, load, receive, send, store } from '../../hw/isa/index.ts';
import { LINE } from './line.ts';

/** Kinds of message. */
const KINDS = 32;
const GOING = 0;
const COMING = LINE;
const COUNTS = 2 * LINE;

export class Inbox {
  /** Bytes, zero at the start. */
  static readonly SIZE = COUNTS + 4 * KINDS;
  private readonly address: number;

  /** @param address in the node's own memory, a multiple of LINE */
  constructor(address: number) {
    this.address = address;
  }

  /** Sends a message of a kind, 0 to 31, to another node, which has its inbox wherever it likes. */
  *tell(node: number, kind: number): Code {
    yield store(this.address + GOING, kind);
    yield send(node, this.address + GOING, 1);
  }

  // DOC: inbox-await
  /** Waits until so many messages of a kind have come since the beginning. */
  *awaitCount(kind: number, count: number): Code {
    // The difference, since counts go round after 2^32.
    while ((((yield load(this.counted(kind))) - count) | 0) < 0) {
      yield receive(this.address + COMING, 1);
      const counted = this.counted(yield load(this.address + COMING));
      yield store(counted, (yield load(counted)) + 1);
    }
  }

  private counted(kind: number): number {
    return this.address + COUNTS + 4 * kind;
  }
}
