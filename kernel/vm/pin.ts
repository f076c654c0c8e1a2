/**
 * Reaching user memory from the kernel: the page of a user address is brought in and held by entering its
 * region, and by a pin on the page, so that its frame stays while the kernel reads or writes it at its physical address.
 */
import { type Code, load, store } from '../../hw/isa/index.ts';
import { localBase } from '../hart-local.ts';
import { PAGE_SIZE } from '../layout.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { PAGE, unpinPage } from './page-descriptor.ts';
import type { Entered } from './entered.ts';
import { type Access, Process } from './process.ts';
import { Region } from './region.ts';

/** A user address that is held at `physical`, or why it is not. */
export type Pinned =
  | {
      readonly kind: 'pinned';
      /** The representative of the process that counts it. */
      readonly process: number;
      readonly region: Entered;
      /** The descriptor of the page. */
      readonly page: number;
      readonly physical: number;
    }
  | { readonly kind: 'refused'; readonly error: number };

/** Holds the page of a user address. `home`: the hart whose memory a new frame comes from (default: this). */
export function* pin(process: ObjRef, address: number, access: Access, home = 0): Code<Pinned> {
  return yield* pinFor(process, address, access, { access, home });
}

/** Holds a page to read it, and as long as it is held sees what others store there: a copy is made before, not meanwhile. */
export function* pinCurrent(process: ObjRef, address: number): Code<Pinned> {
  const current = yield* pinFor(process, address, 'store', { access: 'store', home: 0, clean: true });
  return current.kind === 'pinned' ? current : yield* pin(process, address, 'load');
}

interface Getting {
  readonly access: Access;
  readonly home: number;
  /** Nothing is going to be stored. */
  readonly clean?: boolean;
}

function* pinFor(process: ObjRef, address: number, access: Access, get: Getting): Code<Pinned> {
  const space = new Process(yield* deref(process));
  const region = yield* space.enterRegion(address, access);
  if (region.error !== 0) return { kind: 'refused', error: region.error };
  const home = get.home === 0 ? yield* localBase() : get.home;
  const page = yield* new Region(region.call.rep).getPage(home, address, get.access);
  if (page < 0) {
    yield* space.leaveRegion(region);
    return { kind: 'refused', error: page };
  }
  if (access === 'store' && get.clean !== true) yield store(page + PAGE.dirty, 1);
  const frame = yield load(page + PAGE.frame);
  return {
    kind: 'pinned',
    process: space.address,
    region,
    page,
    physical: frame + (address & (PAGE_SIZE - 1)),
  };
}

/** Lets a page go. */
export function* unpin(page: Pinned): Code {
  if (page.kind !== 'pinned') return;
  yield* unpinPage(page.page);
  yield* new Process(page.process).leaveRegion(page.region);
}
