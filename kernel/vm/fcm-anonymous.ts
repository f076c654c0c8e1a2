/** Anonymous memory: works like any FCM, except that a new page is zeroes and nobody wants a dirty one after the end. */
import type { Code } from '../../hw/isa/index.ts';
import { localBase } from '../hart-local.ts';
import { zeroFrame } from '../memory/frame.ts';
import { fillAnonymous } from './backing.ts';
import { Fcm } from './fcm.ts';

export class FcmAnonymous extends Fcm {
  protected override part(rep: number): Fcm {
    return new FcmAnonymous(rep);
  }

  override *fill(frame: number, index: number, slot: number): Code<number> {
    return yield* fillAnonymous(frame, index, slot);
  }

  override *source(home: number, index: number): Code<number> {
    return (yield* this.peek(index)) === 0 ? 0 : yield* super.source(home, index);
  }

  override *changed(index: number): Code<number> {
    return yield* this.peek(index);
  }

  override *original(frame: number, _index: number): Code<number> {
    yield* zeroFrame(yield* localBase(), frame);
    return 0;
  }

  override get givesPages(): boolean {
    return true;
  }

  // biome-ignore lint/correctness/useYield: a kind for which saving costs nothing
  override *save(): Code<number> {
    return 0;
  }

  /** A dirty page stays dirty: it must still go to swap when it leaves memory. */
  // biome-ignore lint/correctness/useYield: a kind for which saving costs nothing
  override *savePages(): Code<number> {
    return 0;
  }
}
