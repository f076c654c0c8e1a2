/** Counting what page-out and placement do, for whoever looks on (kernel/inspect/paging.ts). */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { HART } from '../hart-local.ts';

/** Counts an event, a field of PAGING, on this hart. */
export function* countPaging(field: number): Code {
  const address = (yield csrRead('slocal')) + HART.paging + field;
  yield store(address, (yield load(address)) + 1);
}
