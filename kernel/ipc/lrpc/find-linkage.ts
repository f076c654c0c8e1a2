/**
 * What a call is checked for: the binding object, the procedure, the A-stack. Each can be anything, since a client
 * gives it. That the A-stack is one of the first chunk is a range check; others are looked for chunk by chunk.
 */
import { type Code, load } from '../../../hw/isa/index.ts';
import { ERROR } from '../../abi/errors.ts';
import { CLASS } from '../../classes.ts';
import { findByHandle } from '../../objects/handle.ts';
import { THREAD } from '../../threads/thread.ts';
import { BINDING, BOUND, boundAt, CHUNK, linkageAt } from './layout.ts';

const isBinding = (classWord: number): boolean => classWord === CLASS.binding;

// DOC: lrpc-binding
/** The binding object of a handle, if it is one of the domain that the thread is in; or EBADF. */
export function* findBinding(thread: number, handle: number): Code<number> {
  const binding = yield* findByHandle(handle, isBinding, BINDING.handle);
  if (binding === 0) return ERROR.EBADF;
  const known =
    (yield load(binding + BINDING.client)) === (yield load(thread + THREAD.process)) &&
    (yield load(binding + BINDING.bound)) !== 0;
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
