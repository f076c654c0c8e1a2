/** The kernel's invariants (kernel/inspect): frames, TLBs, objects, scheduling, heap. */
import { KERNEL_INVARIANTS, Reader } from '../../../kernel/index.ts';
import { type Invariant, stateInvariant } from './invariant.ts';

/** They hold whenever the kernel is at rest; on a machine without a kernel they say nothing. */
export const kernelInvariants: readonly Invariant[] = KERNEL_INVARIANTS.map(({ id, summary, check }) =>
  stateInvariant(id, summary, 'at-rest', (machine) => {
    const reader = new Reader(machine);
    return reader.loaded ? check(reader).problems : [];
  }),
);
