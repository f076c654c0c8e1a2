/** A barrier of the kernel: one system call for each arrival; arrivals are combined near their harts. */
import type { Code } from '../../../hw/isa/index.ts';
import { LINE } from '../../runtime/line.ts';
import { orThrow } from '../../runtime/system-call-error.ts';
import { barrierCreate, barrierWait } from '../../runtime/sync-calls.ts';
import { handleIn } from '../kernel-object.ts';
import type { Barrier, BarrierKind } from './barrier.ts';

const FOR_EVER = 0;
const AS_CONFIGURED = 0;

class KernelBarrier implements Barrier {
  private readonly word: number;
  private readonly participants: number;

  constructor(address: number, participants: number) {
    this.word = address;
    this.participants = participants;
  }

  // DOC: kernel-barrier
  /** @throws SystemCallError when there is no such participant, or it has arrived already */
  *wait(index: number): Code {
    const barrier = yield* handleIn(this.word, 'barrierCreate', () =>
      barrierCreate(this.participants, AS_CONFIGURED),
    );
    orThrow('barrierWait', yield* barrierWait(barrier, index, FOR_EVER));
  }
}

export const kernelBarrier: BarrierKind = {
  id: 'kernel-barrier',
  summary: 'A barrier of the kernel: a system call for each arrival',
  blocking: true,
  size: () => LINE,
  at: (address, participants) => new KernelBarrier(address, participants),
};
