/** The rank of a thread: its class first, then what the discipline says. */
import { type Code, load } from '../../hw/isa/index.ts';
import { SCHEDULING } from '../abi/flags.ts';
import { THREAD } from '../threads/thread.ts';
import type { Discipline } from './discipline.ts';

/** Beyond what a discipline may say, to either side. */
const CLASS_STEP = 1 << 28;

// DOC: rank-of
/** How good it is to run a thread on the hart at `target` now. */
export function* rankOf(rules: Discipline, target: number, thread: number): Code<number> {
  const said = rules.rank === undefined ? 0 : yield* rules.rank(target, thread);
  const rank = Math.max(-CLASS_STEP / 2, Math.min(CLASS_STEP / 2, said));
  if (rules.hasClasses !== true) return rank;
  const kind = yield load(thread + THREAD.schedulingClass);
  if (kind === SCHEDULING.NORMAL) return rank;
  return kind === SCHEDULING.FIFO ? rank + CLASS_STEP : rank - CLASS_STEP;
}
