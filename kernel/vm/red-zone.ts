/**
 * Red zones: addresses that are taken, and that nobody may touch. A region that mmap makes with MAP.GUARD; the page below
 * a stack; and the lowest page of a region that grows. Whoever touches one is ended with a message that says so, before
 * what lies behind it is overwritten.
 *
 * *Locking:* `regionLock` of the process, held as a reader for the look.
 */
import { type Code, load } from '../../hw/isa/index.ts';
import { MAP } from '../abi/flags.ts';
import { acquireRead, releaseRead } from '../locks/reader-writer.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { PROCESS } from '../processes/process.ts';
import { REGION } from './region-layout.ts';
import { LINK, RegionList } from './region-list.ts';

// DOC: why-refused
/** Why an access to an address was refused, for the message that ends the process; nothing if nothing is there. */
export function* whyRefused(record: number, address: number): Code<string> {
  yield* acquireRead(record + PROCESS.regionLock);
  const link = yield* new RegionList(record + PROCESS.regions).lockedFrom(address);
  const isBelow = link !== 0 && address < (yield load(link + LINK.base));
  const isReserved = isBelow && address >= (yield load(link + LINK.floor));
  const region = link === 0 || isBelow ? 0 : yield load(link + LINK.region);
  yield* releaseRead(record + PROCESS.regionLock);
  if (isReserved) return ', the guard page of a stack';
  if (region === 0) return '';
  const call = yield* beginCall(region);
  const flags = call.rep === 0 ? MAP.WRITE : yield load(call.rep + REGION.flags);
  yield* endCall(call);
  if ((flags & MAP.GUARD) !== 0) return ', a guard page';
  return (flags & MAP.WRITE) !== 0 ? '' : ', which is protected';
}
