/** Memory backed by a disk extent: works like any FCM, except that its COR reads pages and takes them back. */
import { type Code, load, step } from '../../hw/isa/index.ts';
import { STEP } from '../steps.ts';
import { saveToCor } from './backing.ts';
import { corOf } from './cor-file.ts';
import { Fcm } from './fcm.ts';
import { FCM } from './fcm-layout.ts';

export class FcmDisk extends Fcm {
  protected override part(rep: number): Fcm {
    return new FcmDisk(rep);
  }

  override *fill(frame: number, index: number): Code<number> {
    const ref = yield load(this.address + FCM.cor);
    return yield* step(STEP.corFill, ref, (yield* corOf(ref)).fill(frame, index));
  }

  override *save(frame: number, index: number): Code<number> {
    return yield* saveToCor(this.address, frame, index);
  }
}
