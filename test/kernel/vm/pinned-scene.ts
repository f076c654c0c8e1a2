/** What page-out does with a page that somebody has pinned, and when it is let go: for the kernel as it is, or with a bug. */
import { load } from '../../../hw/isa/index.ts';
import { MAP } from '../../../kernel/abi/index.ts';
import { beginCall, endCall } from '../../../kernel/objects/calls.ts';
import { createFcm, destroyFcm, fcmOf } from '../../../kernel/vm/fcm-kinds.ts';
import { PAGE, unpinPage } from '../../../kernel/vm/page-descriptor.ts';
import { pageOut } from '../../../kernel/vm/page-out.ts';
import { releaseFrame } from '../../../kernel/vm/dsm.ts';
import { LINK_KIND } from '../../../kernel/vm/region-list.ts';
import { inside } from '../../../lab/experiments/framework/inside.ts';
import { bootedMachine, finish } from '../objects/kernel-machine.ts';

const REQUEST = { address: 0, pages: 4, flags: MAP.READ | MAP.WRITE, block: 0, kind: LINK_KIND.mapped };

/** Outcomes of page-out: three times while the page is pinned, then twice. */
export function pageOutPinned(): number[] {
  const machine = bootedMachine({ harts: 1 });
  const outcomes: number[] = [];
  finish(machine, function* (local) {
    yield* inside(
      local,
      0x100,
      (function* () {
        const ref = yield* createFcm(local, REQUEST, { hat: 0, origin: 0 });
        const call = yield* beginCall(ref);
        const { page } = yield* (yield* fcmOf(call)).getPage(local, 2, 'store');
        const frame = yield load(page + PAGE.frame);
        for (let time = 0; time < 3; time += 1) outcomes.push(yield* pageOut(local, frame));
        yield* unpinPage(page);
        for (let time = 0; time < 2; time += 1) outcomes.push(yield* pageOut(local, frame));
        yield* endCall(call);
        yield* releaseFrame(local, frame);
        yield* destroyFcm(local, ref);
      })(),
    );
  });
  return outcomes;
}
