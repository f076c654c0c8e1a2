/**
 * What a call is checked for: the binding object, the procedure, the A-stack. Each can be anything, since a client
 * gives it. That the A-stack is one of the first chunk is a range check; others are looked for chunk by chunk.
 */
import { type Code, load } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { CLASS } from '../../classes.ts';
import { refOfHandle } from '../../objects/handle.ts';
import { isReference } from '../../objects/miss-handler-table.ts';
import { tryDeref } from '../../objects/translation-table.ts';
import { THREAD } from '../../threads/thread.ts';
import { BINDING, BOUND, boundAt, CHUNK, linkageAt } from './layout.ts';

// DOC: lrpc-binding
/** The binding object of a handle, if it is one of the domain that the thread is in; or EBADF. */
export function* findBinding(local: number, thread: number, handle: number): Code<number> {
  const ref = yield* refOfHandle(local, handle);
  const binding = (yield* isReference(local, ref)) ? yield* tryDeref(ref) : 0;
  if (binding === 0 || (yield load(binding + BINDING.class)) !== CLASS.binding) return ERROR.EBADF;
  const known =
    (yield load(binding + BINDING.handle)) === handle &&
    (yield load(binding + BINDING.client)) === (yield load(thread + THREAD.process)) &&
    (yield load(binding + BINDING.listed)) !== 0;
  return known ? binding : ERROR.EBADF;
}

// DOC: lrpc-a-stack
/** The linkage record of an A-stack of a procedure; or EINVAL, EFAULT. */
export function* findLinkage(binding: number, procedure: number, aStack: number): Code<number> {
  if (procedure < 0 || procedure >= (yield load(binding + BINDING.count))) return ERROR.EINVAL;
  for (
    let chunk = yield load(boundAt(binding, procedure) + BOUND.chunk);
    chunk !== 0;
    chunk = yield load(chunk + CHUNK.next)
  ) {
    const offset = aStack - (yield load(chunk + CHUNK.clientBase));
    const stride = yield load(chunk + CHUNK.stride);
    const index = (offset / stride) | 0;
    if (offset < 0 || index >= (yield load(chunk + CHUNK.count))) continue;
    return index * stride === offset ? linkageAt(chunk, index) : ERROR.EFAULT;
  }
  return ERROR.EFAULT;
}
