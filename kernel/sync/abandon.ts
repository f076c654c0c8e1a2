/** A thread ends: the locks that it holds go to others, who are told so. */
import { type Code, load } from '../../hw/isa/index.ts';
import { LIMIT } from '../abi/flags.ts';
import { CLASS } from '../classes.ts';
import { THREAD } from '../threads/thread.ts';
import { endIfDead } from './destroy.ts';
import { unhold } from './held.ts';
import { SYNC } from './layout.ts';
import { abandonMutex } from './mutex.ts';
import { abandonWrite, leaveRead } from './rwlock.ts';

// DOC: abandon-locks
/** Gives up all that the calling thread, which ends, holds. */
export function* abandonLocks(thread: number): Code {
  for (let lock = yield load(thread + THREAD.held); lock !== 0; lock = yield load(thread + THREAD.held)) {
    yield* unhold(thread, lock);
    const isMutex = (yield load(lock + SYNC.class)) === CLASS.mutex;
    yield* isMutex ? abandonMutex(lock) : abandonWrite(lock);
    yield* endIfDead(lock);
  }
  for (let index = 0; index < LIMIT.READ_LOCKS; index += 1) {
    const place = thread + THREAD.reads + 4 * index;
    const rep = yield load(place);
    if (rep === 0) continue;
    const home = yield load(rep + SYNC.home);
    yield* leaveRead(place);
    yield* endIfDead(home);
  }
}
