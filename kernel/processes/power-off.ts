/**
 * How the machine is switched off: when the first process has ended, no process is left, and nothing is in limbo any
 * more. So at the end nobody is in the midst of something, and everything has been given back.
 *
 * Whatever makes one of these come true last is done on a hart that goes idle afterwards: it asks on its way.
 */
import { POWER } from '../../hw/address-map.ts';
import { type Code, fence, load, store } from '../../hw/isa/index.ts';
import { PROCESS_TABLE } from '../layout.ts';
import { HART, localBase, localOf } from '../hart-local.ts';
import { GARBAGE } from '../objects/limbo.ts';
import { TABLE } from './process-table.ts';

// DOC: power-off
/** Switches the machine off if all is done. Called by an idle hart. */
export function* powerOffIfDone(): Code {
  if ((yield load(PROCESS_TABLE + TABLE.shutdown)) === 0) return;
  // What this hart did last must have reached memory before it looks what others did.
  yield fence();
  if ((yield load(PROCESS_TABLE + TABLE.count)) !== 0 || (yield load(GARBAGE)) !== 0) return;
  if (yield* isMailUnderWay()) return;
  yield store(POWER.STATUS, yield load(PROCESS_TABLE + TABLE.status));
}

/** Whether a hart has yet to serve calls from others: it goes idle afterwards, and asks again. */
function* isMailUnderWay(): Code<boolean> {
  const local = yield* localBase();
  const harts = yield load(local + HART.harts);
  for (let hart = 0; hart < harts; hart += 1)
    if ((yield load((yield* localOf(local, hart)) + HART.mail)) !== 0) return true;
  return false;
}
