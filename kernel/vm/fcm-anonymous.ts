/** Anonymous memory: works like any FCM, except that a new page is zeroes and a dirty one is forgotten. */
import { type Code, step } from '../../hw/isa/index.ts';
import { localBase } from '../hart-local.ts';
import { zeroFrame } from '../memory/frame.ts';
import { STEP } from '../steps.ts';
import { Fcm } from './fcm.ts';

export class FcmAnonymous extends Fcm {
  protected override part(rep: number): Fcm {
    return new FcmAnonymous(rep);
  }

  override *fill(frame: number, index: number): Code<number> {
    yield* step(STEP.zeroFill, index, zeroFrame(yield* localBase(), frame));
    return 0;
  }

  // biome-ignore lint/correctness/useYield: a kind for which saving costs nothing
  override *save(): Code<number> {
    return 0;
  }
}
