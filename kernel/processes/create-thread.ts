/**
 * Making a thread: its block in the heap of the hart where it will run, a stack region, the thread block at
 * the top of the stack (written through its physical frame), and two contexts.
 */
import { call, addressOf, type Code, createContext, freeContext, load, store } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { LIMIT, MAP } from '../abi/flags.ts';
import { THREAD_BLOCK, THREAD_BLOCK_SIZE } from '../abi/startup.ts';
import { oneHart } from '../scheduling/affinity.ts';
import { allocateThread, freeThread } from '../scheduling/thread-blocks.ts';
import { CLASS } from '../classes.ts';
import { HART, localOf } from '../hart-local.ts';
import { GLOBAL, NODE_BLOCK, PAGE_SIZE } from '../layout.ts';
import { giveUpLines } from '../memory/give-up-lines.ts';
import { deref, type ObjRef } from '../objects/translation-table.ts';
import { LINE, roundUp } from '../struct.ts';
import { THREAD } from '../threads/thread.ts';
import { threadStart } from '../trap/thread-start.ts';
import { Hat } from '../vm/hat.ts';
import { pin, unpin } from '../vm/pin.ts';
import { Process } from '../vm/process.ts';
import { LINK_KIND } from '../vm/region-list.ts';
import { PROCESS, PROCESS_REP, recordOf } from './process.ts';
import { repOfHart, takeStack } from './stack-cache.ts';
import { attachThread, takeNumber } from './thread-list.ts';

/** Where a thread begins: code address, argument, hart; and whether it is to stay on that hart whatever the policy. */
export interface Start {
  readonly entry: number;
  readonly argument: number;
  readonly hart: number;
  readonly stays: boolean;
}

const STACK_REQUEST = Object.freeze({
  address: 0,
  pages: LIMIT.STACK / PAGE_SIZE,
  flags: MAP.READ | MAP.WRITE | MAP.PRIVATE,
  block: 0,
  kind: LINK_KIND.stack,
});

/** Makes a thread that is not runnable yet; gives its address, or EINVAL, ENOMEM, EAGAIN. */
export function* createThread(local: number, ref: ObjRef, start: Start): Code<number> {
  const target = yield* localOf(local, start.hart);
  const thread = yield* allocateThread(local, target);
  if (thread === 0) return ERROR.ENOMEM;
  const process = new Process(yield* deref(ref));
  const near = yield* repOfHart(local, process.address, start.hart);
  const stack = (yield* takeStack(near)) || (yield* call(process.map(local, STACK_REQUEST)));
  if (stack < 0) {
    yield* freeThread(thread);
    return stack;
  }
  const record = yield* describe(thread, ref, target, stack, start);
  yield* name(thread, near, process.address);
  const failure = yield* call(populate(local, target, thread, record, start));
  if (failure === 0) {
    if (target !== local) yield* giveUpLines(local, thread, THREAD.SIZE);
    return thread;
  }
  yield* call(process.unmap(local, stack, LIMIT.STACK, LINK_KIND.stack));
  yield* freeThread(thread);
  return failure;
}

/** Gives the record of the process. */
function* describe(thread: number, ref: ObjRef, target: number, stack: number, start: Start): Code<number> {
  const { hart, stays } = start;
  const process = yield* recordOf(ref);
  const hat = yield load(process + PROCESS.hat);
  yield store(thread + THREAD.class, CLASS.thread);
  yield store(thread + THREAD.process, ref);
  yield store(thread + THREAD.home, ref);
  yield store(thread + THREAD.hart, hart);
  yield store(thread + THREAD.local, target);
  if (stays) yield store(thread + THREAD.affinity, oneHart(hart));
  yield store(thread + THREAD.stackBase, stack);
  yield store(thread + THREAD.hat, hat);
  yield store(thread + THREAD.satp, yield* new Hat(yield* deref(hat)).satpOf(hart));
  return process;
}

/** Says which representative lists a thread, and gives it a number: of those that the maker's has, but for the first one. */
function* name(thread: number, near: number, makers: number): Code {
  const record = yield load(near + PROCESS_REP.record);
  const isFirst = (yield load(record + PROCESS.nextThread)) === 0;
  yield store(thread + THREAD.part, near);
  yield store(thread + THREAD.number, yield* takeNumber(record, isFirst ? near : makers));
}

/** Fills the thread block, makes the contexts, and enters the thread into its process; gives 0 or an error. */
function* populate(
  local: number,
  target: number,
  thread: number,
  record: number,
  start: Start,
): Code<number> {
  const ref = yield load(thread + THREAD.process);
  const block = (yield load(thread + THREAD.stackBase)) + LIMIT.STACK - roundUp(THREAD_BLOCK_SIZE, LINE);
  const page = yield* pin(ref, block, 'store', target);
  if (page.kind === 'refused') return page.error;
  yield* fillBlock(local, target, thread, page.physical);
  yield* unpin(page);
  const user = yield createContext(start.entry, start.argument, block);
  if (user === 0) return ERROR.EINVAL;
  const kernel = yield createContext(yield addressOf(threadStart), thread, 0);
  yield store(thread + THREAD.userContext, user);
  yield store(thread + THREAD.kernelContext, kernel);
  if (yield* attachThread(record, thread)) return 0;
  yield freeContext(user);
  yield freeContext(kernel);
  return ERROR.EAGAIN;
}

function* fillBlock(local: number, target: number, thread: number, block: number): Code {
  const number = yield load(thread + THREAD.number);
  const process = yield load((yield* deref(yield load(thread + THREAD.process))) + PROCESS_REP.number);
  yield store(block + THREAD_BLOCK.THREAD, number);
  yield store(block + THREAD_BLOCK.PROCESS, process);
  yield store(block + THREAD_BLOCK.HART, yield load(target + HART.hart));
  yield store(block + THREAD_BLOCK.NODE, yield load(target + HART.node));
  yield store(block + THREAD_BLOCK.HARTS, yield load(local + HART.harts));
  yield store(block + THREAD_BLOCK.STACK, yield load(thread + THREAD.stackBase));
  if (process !== 1 || number !== 1) return;
  const parameters = yield load(GLOBAL + NODE_BLOCK.parameters);
  yield store(block + THREAD_BLOCK.PARAMETERS, parameters);
  for (let index = 0; index < parameters; index += 1) {
    yield store(
      block + THREAD_BLOCK.PARAMETER + 4 * index,
      yield load(GLOBAL + NODE_BLOCK.parameter + 4 * index),
    );
  }
}
