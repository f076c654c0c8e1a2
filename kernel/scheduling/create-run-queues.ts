/** Making the run queue, and telling each hart where its representative is. At boot, before there is any thread. */
import { type Code, load, panic, store } from '../../hw/isa/index.ts';
import { CLASS } from '../classes.ts';
import { HART, localOf } from '../hart-local.ts';
import { NODE_BLOCK } from '../layout.ts';
import { degreeOf } from '../objects/degree.ts';
import { prepareObject, publishObject } from '../objects/object.ts';
import { REP, Root } from '../objects/root.ts';
import { TYPE } from '../objects/types.ts';
import { PANIC } from '../panics.ts';
import { policyOf } from './policies.ts';
import { RUN_QUEUE } from './run-queue.ts';

/** Makes the run queue of this kernel, if its policy needs one. */
export function* createRunQueues(local: number): Code {
  if ((yield* policyOf(local)).degree === undefined) return;
  const made = yield* prepareObject(local, {
    classWord: CLASS.runQueue,
    bytes: RUN_QUEUE.SIZE,
    fixed: REP.SIZE,
    degree: yield* degreeOf(local, TYPE.runQueue),
  });
  if (made.ref === 0) yield panic(PANIC.bootFailed);
  yield* publishObject(local, made);
  const root = new Root(made.root);
  const block = yield load(local + HART.nodeBlock);
  const harts = yield load(local + HART.harts);
  for (let hart = 0; hart < harts; hart += 1) {
    const target = yield* localOf(local, hart);
    yield store(target + HART.steals, yield load(block + NODE_BLOCK.steals));
    yield store(target + HART.procrastination, yield load(block + NODE_BLOCK.procrastination));
    yield store(target + HART.runQueue, yield* root.repFor(local, hart));
  }
}
