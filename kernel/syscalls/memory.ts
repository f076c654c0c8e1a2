/** System calls about memory: mmap, munmap, regionReplace, pageUnmap. */
import { DISK } from '../../hw/address-map.ts';
import { type Code, csrRead, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { HART } from '../hart-local.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../layout.ts';
import { deref } from '../objects/translation-table.ts';
import { THREAD } from '../threads/thread.ts';
import { BLOCKS_PER_PAGE } from '../vm/cor.ts';
import { Process } from '../vm/process.ts';
import { LINK_KIND } from '../vm/region-list.ts';

const ALL_FLAGS = MAP.READ | MAP.WRITE | MAP.DISK | MAP.FIXED;

// DOC: sys-mmap
/** mmap(address, length, flags, block) */
export function* mmap(
  thread: number,
  address: number,
  length: number,
  flags: number,
  block: number,
): Code<number> {
  if (length <= 0 || (flags & ~ALL_FLAGS) !== 0 || (flags & (MAP.READ | MAP.WRITE)) === 0)
    return ERROR.EINVAL;
  if (length > LIMIT.USER_END - LIMIT.USER_BASE) return ERROR.ENOMEM;
  if ((flags & MAP.FIXED) !== 0 && (address === 0 || address % PAGE_SIZE !== 0)) return ERROR.EINVAL;
  const pages = (length + PAGE_SIZE - 1) >>> PAGE_SHIFT;
  if ((flags & MAP.DISK) !== 0 && !(yield* isExtent(block, pages))) return ERROR.EINVAL;
  const process = new Process(yield* deref(yield load(thread + THREAD.process)));
  return yield* process.map(yield csrRead('slocal'), {
    address,
    pages,
    flags,
    block,
    kind: LINK_KIND.mapped,
  });
}

/** Whether the disk has so many pages from a block on. */
function* isExtent(block: number, pages: number): Code<boolean> {
  return block >= 0 && block + pages * BLOCKS_PER_PAGE <= (yield load(DISK.BLOCKS));
}

/** regionReplace(address, harts) */
export function* regionReplace(thread: number, address: number, harts: number): Code<number> {
  const local = yield csrRead('slocal');
  const all = yield load(local + HART.harts);
  if (harts < 0 || harts > all) return ERROR.EINVAL;
  const process = new Process(yield* deref(yield load(thread + THREAD.process)));
  return yield* process.replaceRegion(local, address, harts === 0 ? undefined : harts);
}

/** munmap(address, length) */
export function* munmap(thread: number, address: number, length: number): Code<number> {
  if (length <= 0 || length > LIMIT.USER_END || address <= 0) return ERROR.EINVAL;
  const bytes = (length + PAGE_SIZE - 1) & -PAGE_SIZE;
  const process = new Process(yield* deref(yield load(thread + THREAD.process)));
  return yield* process.unmap(yield csrRead('slocal'), address, bytes, LINK_KIND.mapped);
}

/** pageUnmap(address, length) */
export function* pageUnmap(thread: number, address: number, length: number): Code<number> {
  if (length <= 0 || length > LIMIT.USER_END || address <= 0 || address % PAGE_SIZE !== 0)
    return ERROR.EINVAL;
  const pages = (length + PAGE_SIZE - 1) >>> PAGE_SHIFT;
  const process = new Process(yield* deref(yield load(thread + THREAD.process)));
  return yield* process.unmapPages(address, pages);
}
