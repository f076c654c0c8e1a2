/**
 * COR, cached object representative: what backs an FCM, and does its I/O. Here: a raw disk extent.
 *
 * *Locking:* none but `gate` (locking.ts): `block` never changes, and the disk driver has its own lock.
 */
import { type Code, load, step } from '../../hw/isa/index.ts';
import { DISK_BLOCK, DISK_COMMAND } from '../../hw/address-map.ts';
import { diskTransfer } from '../io/disk.ts';
import { PAGE_SIZE } from '../layout.ts';
import { STEP } from '../steps.ts';
import { struct, word, words } from '../struct.ts';
import { View } from '../view.ts';
import { GATE } from './gate.ts';

/** Disk blocks of a page. */
export const BLOCKS_PER_PAGE = PAGE_SIZE / DISK_BLOCK;

export const COR = struct({ class: word, root: word, block: word, gate: words(GATE.SIZE / 4) });

export class Cor extends View {
  /** Reads a page into a frame; gives 0 or EIO. Blocks. */
  *fill(frame: number, index: number): Code<number> {
    const block = (yield load(this.address + COR.block)) + index * BLOCKS_PER_PAGE;
    return yield* step(STEP.diskRead, block, diskTransfer(DISK_COMMAND.read, block, frame, BLOCKS_PER_PAGE));
  }

  /** Writes a frame back; gives 0 or EIO. Blocks. */
  *save(frame: number, index: number): Code<number> {
    const block = (yield load(this.address + COR.block)) + index * BLOCKS_PER_PAGE;
    return yield* step(
      STEP.diskWrite,
      block,
      diskTransfer(DISK_COMMAND.write, block, frame, BLOCKS_PER_PAGE),
    );
  }
}
