/**
 * The tree barrier of Mellor-Crummey & Scott (TOCS 9(1), 1991, algorithm 11): up a tree of four children each, down a
 * tree of two.
 *
 * Who waits for whom is fixed, so everybody spins on words of its own only, which can lie in its own memory, and
 * 2n - 2 words are written to others: fewer is impossible without broadcast. Four children fit a word of a byte
 * each, so that a parent looks at one word; waking two and not four keeps the way down short. No atomic instructions.
 *
 * With a flag (`mcs-tree-flag`) all spin on one word for the way down instead, which a broadcast changes at once.
 */
import { type Code, load, spinUntil, store, store8 } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { inRow, type Placement } from '../placement.ts';
import type { Barrier, BarrierKind } from './barrier.ts';

/** As many as a word has bytes. */
const MOST_CHILDREN = 4;
const WAKE_UP_FAN_OUT = 2;

/** A participant's part. */
class TreeNode {
  static readonly SIZE = LINE;
  private readonly address: number;

  constructor(address: number) {
    this.address = address;
  }

  /** A byte for each child: 1 when that has arrived, with all below it. */
  get arrived(): number {
    return this.address;
  }

  /** Changes when the participant may go on. */
  get wakeUp(): number {
    return this.address + 4;
  }

  /** The sense of the last episode: nobody else's business. */
  get sense(): number {
    return this.address + 8;
  }
}

export class McsTreeBarrier implements Barrier {
  private readonly participants: number;
  private readonly own: Placement;
  /** The word that wakes everybody, or 0. */
  private readonly flag: number;
  private readonly children: number;

  /**
   * @param flag address of a word that wakes all at once; 0: each wakes two others
   * @param children how many arrive at one: at most four
   */
  constructor(participants: number, own: Placement, flag: number, children = MOST_CHILDREN) {
    this.participants = participants;
    this.own = own;
    this.flag = flag;
    this.children = children;
  }

  // DOC: mcs-tree
  *wait(index: number): Code {
    const me = this.node(index);
    const sense = 1 - (yield load(me.sense));
    yield store(me.sense, sense);
    const all = this.allChildren(index);
    if (all !== 0) {
      yield spinUntil(me.arrived, all);
      yield store(me.arrived, 0);
    }
    if (index > 0) {
      const parent = this.node(Math.floor((index - 1) / this.children));
      yield store8(parent.arrived + ((index - 1) % this.children), 1);
      yield spinUntil(this.flag || me.wakeUp, sense);
    }
    if (this.flag === 0) yield* this.wakeChildren(index, sense);
    else if (index === 0) yield store(this.flag, sense);
  }

  private *wakeChildren(index: number, sense: number): Code {
    const first = index * WAKE_UP_FAN_OUT + 1;
    const end = Math.min(first + WAKE_UP_FAN_OUT, this.participants);
    for (let child = first; child < end; child++) yield store(this.node(child).wakeUp, sense);
  }

  /** What `arrived` holds when all children have come: a byte of 1 for each that exists. */
  private allChildren(index: number): number {
    let all = 0;
    for (let child = 0; child < this.children; child++) {
      if (index * this.children + child + 1 < this.participants) all |= 1 << (8 * child);
    }
    return all;
  }

  private node(index: number): TreeNode {
    return new TreeNode(this.own(index));
  }
}

/** MCS trees whose arrival tree has another arity, to see why it is four. */
export const mcsTreeOfArity = (children: number): BarrierKind => ({
  ...mcsTreeBarrier,
  id: `mcs-tree-${children}`,
  at: (address, participants, own = inRow(address, TreeNode.SIZE)) =>
    new McsTreeBarrier(participants, own, 0, children),
});

export const mcsTreeBarrier: BarrierKind = {
  id: 'mcs-tree',
  summary: 'Up a tree of four, down a tree of two; everybody spins on words of its own',
  size: (participants) => participants * TreeNode.SIZE,
  ownSize: () => TreeNode.SIZE,
  at: (address, participants, own = inRow(address, TreeNode.SIZE)) =>
    new McsTreeBarrier(participants, own, 0),
};

export const mcsTreeFlagBarrier: BarrierKind = {
  id: 'mcs-tree-flag',
  summary: 'Up a tree of four; one word, on which all spin, wakes them',
  size: (participants) => LINE + participants * TreeNode.SIZE,
  ownSize: () => TreeNode.SIZE,
  at: (address, participants, own = inRow(address + LINE, TreeNode.SIZE)) =>
    new McsTreeBarrier(participants, own, address),
};
