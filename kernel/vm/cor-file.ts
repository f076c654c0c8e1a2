/**
 * The COR of a file: works like that of an extent, except that only the file server knows where a page lies. `block` is the
 * word by which the server knows the file.
 */
import { type Code, load, step } from '../../hw/isa/index.ts';
import { DISK_COMMAND } from '../../hw/address-map.ts';
import { CLASS } from '../classes.ts';
import { askPager } from '../io/pager.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { STEP } from '../steps.ts';
import { COR, Cor } from './cor.ts';

class CorFile extends Cor {
  override *fill(frame: number, index: number): Code<number> {
    const key = yield load(this.address + COR.block);
    return yield* step(STEP.diskRead, key, askPager(DISK_COMMAND.read, key, index, frame));
  }

  override *save(frame: number, index: number): Code<number> {
    const key = yield load(this.address + COR.block);
    return yield* step(STEP.diskWrite, key, askPager(DISK_COMMAND.write, key, index, frame));
  }
}

/** The view of a COR. */
export function* corOf(ref: ObjRef): Code<Cor> {
  const rep = yield* deref(ref);
  return (yield load(rep + COR.class)) === CLASS.corFile ? new CorFile(rep) : new Cor(rep);
}
