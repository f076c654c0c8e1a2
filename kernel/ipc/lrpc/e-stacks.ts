/**
 * E-stacks: execution stacks in a server's memory. One is tied to an A-stack when it is first called with, and stays
 * tied to it, so that the next call finds it at once. When an interface has as many as it may have, one is taken from
 * the A-stack that has not been called with for longest. (LRPC, section 3.2.)
 *
 * *Locking:* the export's lock guards its list of free E-stacks. An E-stack that is tied belongs to its linkage.
 */
import { type Code, compareAndSwap, load, store } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { LIMIT, MAP } from '../../abi/flags.ts';
import { CALL_BLOCK } from '../../abi/startup.ts';
import { localBase } from '../../hart-local.ts';
import { PAGE_SIZE } from '../../layout.ts';
import { acquire, release } from '../../locks/mcs.ts';
import { deref } from '../../objects/translation-table.ts';
import { LINE } from '../../struct.ts';
import { pin, unpin } from '../../vm/pin.ts';
import { Process } from '../../vm/process.ts';
import { LINK_KIND } from '../../vm/region-list.ts';
import { holdServer, releaseServer } from './guests.ts';
import { BINDING, CALL, E_STACKS, EXPORT, LINKAGE } from './layout.ts';
import { nextLinkage } from './linkage.ts';

const REQUEST = Object.freeze({
  address: 0,
  pages: LIMIT.STACK / PAGE_SIZE,
  flags: MAP.READ | MAP.WRITE | MAP.PRIVATE,
  block: 0,
  kind: LINK_KIND.stack,
});

/** Address of what a procedure finds at the top of its E-stack. */
export const callBlockOf = (stack: number): number => stack + LIMIT.STACK - LINE;

// DOC: lrpc-e-stack
/** Ties an E-stack to a linkage that the caller has claimed; gives it, or EAGAIN, ECALLFAILED, ENOMEM, EIO. */
export function* tieStack(linkage: number): Code<number> {
  const exported = yield load((yield load(linkage + LINKAGE.binding)) + BINDING.exported);
  yield* acquire(exported + EXPORT.lock);
  let stack = yield* lockedFree(exported);
  const made = yield load(exported + EXPORT.stacksMade);
  const room = stack === 0 && made < E_STACKS;
  if (room) yield store(exported + EXPORT.stacksMade, made + 1);
  else if (stack === 0) stack = yield* lockedReclaim(exported);
  yield* release(exported + EXPORT.lock);
  if (room) stack = yield* makeStack(exported);
  if (stack > 0) yield store(linkage + LINKAGE.eStack, stack);
  return stack;
}

function* lockedFree(exported: number): Code<number> {
  const count = yield load(exported + EXPORT.stacksFree);
  if (count === 0) return 0;
  yield store(exported + EXPORT.stacksFree, count - 1);
  return yield load(exported + EXPORT.stacks + 4 * (count - 1));
}

/** Maps one; when memory is out, takes one from an A-stack that is not in use. */
function* makeStack(exported: number): Code<number> {
  let stack: number = ERROR.ECALLFAILED;
  if (yield* holdServer(exported)) {
    stack = yield* mapStack(exported);
    yield* releaseServer(exported);
  }
  if (stack > 0) return stack;
  yield* acquire(exported + EXPORT.lock);
  yield store(exported + EXPORT.stacksMade, (yield load(exported + EXPORT.stacksMade)) - 1);
  const other = stack === ERROR.ENOMEM ? yield* lockedReclaim(exported) : stack;
  yield* release(exported + EXPORT.lock);
  return other === ERROR.EAGAIN ? stack : other;
}

function* mapStack(exported: number): Code<number> {
  const local = yield* localBase();
  const server = yield load(exported + EXPORT.server);
  const space = new Process(yield* deref(server));
  const stack = yield* space.map(local, REQUEST);
  if (stack < 0) return stack;
  const block = yield* pin(server, callBlockOf(stack), 'store');
  if (block.kind === 'refused') {
    yield* space.unmap(local, stack, LIMIT.STACK, LINK_KIND.stack);
    return block.error;
  }
  yield store(block.physical + CALL_BLOCK.WORD, yield load(exported + EXPORT.word));
  yield store(block.physical + CALL_BLOCK.STACK, stack);
  yield* unpin(block);
  return stack;
}

// DOC: lrpc-reclaim
/** Takes the E-stack of the free A-stack that was last called with the longest ago; gives EAGAIN if there is none. */
function* lockedReclaim(exported: number): Code<number> {
  for (;;) {
    const linkage = yield* lockedOldest(exported);
    if (linkage === 0) return ERROR.EAGAIN;
    if ((yield compareAndSwap(linkage + LINKAGE.state, CALL.idle, CALL.held)) !== CALL.idle) continue;
    const stack = yield load(linkage + LINKAGE.eStack);
    yield store(linkage + LINKAGE.eStack, 0);
    yield store(linkage + LINKAGE.state, CALL.idle);
    if (stack !== 0) return stack;
  }
}

function* lockedOldest(exported: number): Code<number> {
  let oldest = 0;
  let when = 0;
  for (
    let binding = yield load(exported + EXPORT.bindings);
    binding !== 0;
    binding = yield load(binding + BINDING.exportNext)
  ) {
    for (
      let linkage = yield* nextLinkage(binding, 0);
      linkage !== 0;
      linkage = yield* nextLinkage(binding, linkage)
    ) {
      const idle = (yield load(linkage + LINKAGE.state)) === CALL.idle;
      if (!idle || (yield load(linkage + LINKAGE.eStack)) === 0) continue;
      const used = yield load(linkage + LINKAGE.lastUse);
      if (oldest !== 0 && ((used - when) | 0) >= 0) continue;
      oldest = linkage;
      when = used;
    }
  }
  return oldest;
}

/** Gives the E-stacks of a binding that is to go back to its interface. */
export function* untieStacks(binding: number): Code {
  const exported = yield load(binding + BINDING.exported);
  yield* acquire(exported + EXPORT.lock);
  for (
    let linkage = yield* nextLinkage(binding, 0);
    linkage !== 0;
    linkage = yield* nextLinkage(binding, linkage)
  ) {
    const stack = yield load(linkage + LINKAGE.eStack);
    if (stack === 0) continue;
    // The export lists the binding a little longer: nobody may take the stack from there as well.
    yield store(linkage + LINKAGE.eStack, 0);
    const count = yield load(exported + EXPORT.stacksFree);
    yield store(exported + EXPORT.stacks + 4 * count, stack);
    yield store(exported + EXPORT.stacksFree, count + 1);
  }
  yield* release(exported + EXPORT.lock);
}

/** Unmaps the free E-stacks of an interface whose server the caller holds. */
export function* unmapStacks(exported: number): Code {
  const local = yield* localBase();
  const space = new Process(yield* deref(yield load(exported + EXPORT.server)));
  for (;;) {
    yield* acquire(exported + EXPORT.lock);
    const stack = yield* lockedFree(exported);
    yield* release(exported + EXPORT.lock);
    if (stack === 0) return;
    yield* space.unmap(local, stack, LIMIT.STACK, LINK_KIND.stack);
  }
}
