/** System calls about memory: mmap, munmap, mprotect, msync, madvise, regionReplace, memoryPlace, pageUnmap. */
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { ADVICE, LIMIT, MAP } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { isDiskOwned, usableBlocks } from '../io/user-disk.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../layout.ts';
import { deref } from '../objects/translation-table.ts';
import { THREAD } from '../threads/thread.ts';
import { BLOCKS_PER_PAGE } from '../vm/cor.ts';
import { Process } from '../vm/process.ts';
import { PLACEMENTS } from '../vm/placement.ts';
import { prefetchRange, syncRange } from '../vm/range-pages.ts';
import { LINK_KIND } from '../vm/region-list.ts';

const ALL_FLAGS =
  MAP.READ | MAP.WRITE | MAP.DISK | MAP.FIXED | MAP.SHARED | MAP.PRIVATE | MAP.GUARD | MAP.GROWS;
const RIGHTS = MAP.READ | MAP.WRITE;
const SHARING = MAP.SHARED | MAP.PRIVATE;

function* processOf(thread: number): Code<Process> {
  return new Process(yield* deref(yield load(thread + THREAD.process)));
}

// DOC: sys-mmap
/** mmap(address, length, flags, block) */
export function* mmap(
  thread: number,
  address: number,
  length: number,
  flags: number,
  block: number,
): Code<number> {
  if (length <= 0 || !areSensible(flags)) return ERROR.EINVAL;
  if (length > LIMIT.USER_END - LIMIT.USER_BASE) return ERROR.ENOMEM;
  if ((flags & MAP.FIXED) !== 0 && (address === 0 || address % PAGE_SIZE !== 0)) return ERROR.EINVAL;
  const pages = (length + PAGE_SIZE - 1) >>> PAGE_SHIFT;
  if ((flags & MAP.DISK) !== 0 && !(yield* isExtent(block, pages))) return ERROR.EINVAL;
  if ((flags & MAP.DISK) !== 0 && (yield* isDiskOwned())) return ERROR.EPERM;
  const byDefault = (flags & MAP.DISK) !== 0 ? MAP.SHARED : MAP.PRIVATE;
  const process = yield* processOf(thread);
  return yield* process.map(yield csrRead('slocal'), {
    address,
    pages,
    flags: (flags & SHARING) === 0 ? flags | byDefault : flags,
    block,
    kind: LINK_KIND.mapped,
  });
}

/** Whether flags go together: a guard has no rights, anything else some; what grows is neither a guard nor on the disk. */
function areSensible(flags: number): boolean {
  if ((flags & ~ALL_FLAGS) !== 0 || (flags & SHARING) === SHARING) return false;
  if ((flags & MAP.GROWS) !== 0 && (flags & (MAP.DISK | MAP.GUARD | MAP.SHARED)) !== 0) return false;
  return ((flags & RIGHTS) === 0) === ((flags & MAP.GUARD) !== 0);
}

/** Whether the disk has so many pages from a block on, before the swap. */
function* isExtent(block: number, pages: number): Code<boolean> {
  return block >= 0 && block + pages * BLOCKS_PER_PAGE <= (yield* usableBlocks());
}

/** regionReplace(address, harts) */
export function* regionReplace(thread: number, address: number, harts: number): Code<number> {
  const local = yield csrRead('slocal');
  const all = yield load(local + HART.harts);
  if (harts < 0 || harts > all) return ERROR.EINVAL;
  const process = yield* processOf(thread);
  return yield* process.replaceRegion(local, address, harts === 0 ? undefined : harts);
}

/** The whole pages of a range of user addresses that begins with one; or undefined if it is none. */
export function pagesIn(
  address: number,
  length: number,
): { readonly base: number; readonly end: number } | undefined {
  if (length <= 0 || length > LIMIT.USER_END || address < LIMIT.USER_BASE || address % PAGE_SIZE !== 0)
    return undefined;
  const end = address + ((length + PAGE_SIZE - 1) & -PAGE_SIZE);
  return end > LIMIT.USER_END ? undefined : { base: address, end };
}

// DOC: sys-munmap
/** munmap(address, length) */
export function* munmap(thread: number, address: number, length: number): Code<number> {
  const range = pagesIn(address, length);
  if (range === undefined) return ERROR.EINVAL;
  const process = yield* processOf(thread);
  const request = { ...range, kind: LINK_KIND.mapped, whole: false };
  const result = yield* process.change(yield csrRead('slocal'), request, { kind: 'unmap' });
  return result === ERROR.EFAULT ? ERROR.EINVAL : result;
}

/** mprotect(address, length, rights) */
export function* mprotect(thread: number, address: number, length: number, rights: number): Code<number> {
  const range = pagesIn(address, length);
  if (range === undefined || (rights & ~RIGHTS) !== 0) return ERROR.EINVAL;
  const process = yield* processOf(thread);
  const request = { ...range, kind: LINK_KIND.mapped, whole: true };
  return yield* process.change(yield csrRead('slocal'), request, { kind: 'protect', rights });
}

/** msync(address, length) */
export function* msync(thread: number, address: number, length: number): Code<number> {
  const range = pagesIn(address, length);
  return range === undefined
    ? ERROR.EINVAL
    : yield* syncRange(yield* processOf(thread), range.base, range.end);
}

/** madvise(address, length, advice) */
export function* madvise(thread: number, address: number, length: number, advice: number): Code<number> {
  const range = pagesIn(address, length);
  if (range === undefined) return ERROR.EINVAL;
  const process = yield* processOf(thread);
  if (advice === ADVICE.WILLNEED) return yield* prefetchRange(process, range.base, range.end);
  if (advice !== ADVICE.DONTNEED) return ERROR.EINVAL;
  const request = { ...range, kind: LINK_KIND.mapped, whole: true };
  return yield* process.change(yield csrRead('slocal'), request, { kind: 'drop' });
}

// DOC: sys-memory-place
/** memoryPlace(address, placement, node) */
export function* memoryPlace(thread: number, address: number, placement: number, node: number): Code<number> {
  const isPlacement = placement >= 0 && placement < PLACEMENTS.length;
  const nodes = yield load((yield csrRead('slocal')) + HART.nodes);
  if (!isPlacement || node < 0 || node >= nodes) return ERROR.EINVAL;
  return yield* (yield* processOf(thread)).placeMemory(address, placement, node);
}

/** pageUnmap(address, length) */
export function* pageUnmap(thread: number, address: number, length: number): Code<number> {
  if (length <= 0 || length > LIMIT.USER_END || address <= 0 || address % PAGE_SIZE !== 0)
    return ERROR.EINVAL;
  const pages = (length + PAGE_SIZE - 1) >>> PAGE_SHIFT;
  return yield* (yield* processOf(thread)).unmapPages(address, pages);
}
