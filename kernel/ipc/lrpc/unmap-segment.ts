/**
 * Taking a segment (segment.ts) from a domain.
 *
 * *Locking:* whoever unmaps it for the client swaps its word; for the server, whoever has claimed the linkage, or disposes
 * of the binding.
 */
import { type Code, fetchAndStore, load, store } from '../../../hw/isa/index.ts';
import { PAGE_SIZE } from '../../layout.ts';
import { unmapShared } from './a-stacks.ts';
import { BINDING, SEGMENT } from './layout.ts';

/** Unmaps it, if it is mapped, for the client, whose thread this is. */
export function* unmapSegmentForClient(binding: number, segment: number): Code {
  const both = yield fetchAndStore(segment + SEGMENT.client, 0);
  if (both === 0) return;
  const pages = both & (PAGE_SIZE - 1);
  yield* unmapShared(yield load(binding + BINDING.client), both & -PAGE_SIZE, pages * PAGE_SIZE);
}

/** Unmaps it, if it is mapped, for the server, which is held. */
export function* unmapSegmentForServer(binding: number, segment: number): Code {
  const base = yield load(segment + SEGMENT.server);
  yield store(segment + SEGMENT.server, 0);
  if (base === 0) return;
  yield* unmapShared(yield load(binding + BINDING.server), base, yield load(segment + SEGMENT.bytes));
}
