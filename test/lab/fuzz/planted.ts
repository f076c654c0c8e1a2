/** Bugs of the kernel that the fuzzer must find: each changes one method as long as it is planted. */
import { type Code, load, store } from '../../../hw/isa/index.ts';
import { ERROR, LIMIT, type SyscallName } from '../../../kernel/abi/index.ts';
import { leaveCounted } from '../../../kernel/locks/counted.ts';
import { Dsm, DSM } from '../../../kernel/vm/dsm.ts';
import { type Entered, refused } from '../../../kernel/vm/entered.ts';
import { Hat } from '../../../kernel/vm/hat.ts';
import { PAGE_SIZE } from '../../../kernel/layout.ts';
import { type Access, Process } from '../../../kernel/vm/process.ts';
import { Region } from '../../../kernel/vm/region.ts';
import { REGION } from '../../../kernel/vm/region-layout.ts';

export interface Planted {
  readonly name: string;
  /** How the failure must be named. */
  readonly shows: RegExp;
  /** The system calls that matter: programs of these alone show the bug sooner. */
  readonly calls: readonly SyscallName[];
  /** Operations that the smallest program has at most. */
  readonly operations: number;
  /** Changes the kernel; gives what changes it back. */
  plant(): () => void;
}

/** Puts another method in the place of one. */
function replaced<T extends object, Result = number>(
  prototype: T,
  name: string,
  make: (original: (...values: never[]) => Code<Result>) => unknown,
): () => void {
  const methods = prototype as Record<string, unknown>;
  const original = methods[name];
  if (typeof original !== 'function') throw new TypeError(`there is no method ${name} to break`);
  methods[name] = make(original as never);
  return () => void (methods[name] = original);
}

export const PLANTED: readonly Planted[] = [
  {
    name: 'addresses are not held against the end of user memory',
    shows: /^result\.mmap$/,
    calls: ['mmap'],
    operations: 2,
    plant: () =>
      replaced(
        Process.prototype,
        'map',
        (original) =>
          function* (this: Process, local: number, request: { readonly address: number }): Code<number> {
            const { address } = request;
            if (address >= LIMIT.USER_END && address % PAGE_SIZE === 0) return address;
            return yield* original.call(this, local as never, request as never);
          },
      ),
  },
  {
    name: 'every eighth frame that is freed is forgotten',
    shows: /^invariant\.frames$/,
    calls: ['mmap', 'munmap', 'spawn', 'threadSpawn'],
    operations: 6,
    plant: () =>
      replaced(
        Dsm.prototype,
        'release',
        (original) =>
          function* (this: Dsm, local: number, frame: number, isChecked: boolean): Code {
            if ((frame / PAGE_SIZE) % 8 !== 0)
              yield* original.call(this, local as never, frame as never, isChecked as never);
          },
      ),
  },
  {
    name: 'whoever waits until a region is empty is not woken',
    shows: /^(stuck|hang)$/,
    calls: ['mmap', 'munmap', 'threadSpawn', 'futexWait'],
    operations: 6,
    plant: () =>
      replaced(
        Region.prototype,
        'leave',
        () =>
          function* (this: Region): Code {
            yield* leaveCounted(this.address + REGION.inUse);
          },
      ),
  },
  {
    name: 'a bad pointer is told as a missing permission',
    shows: /^result\./,
    calls: ['wait', 'futexWait', 'consoleWrite', 'threadJoin'],
    operations: 2,
    plant: () =>
      replaced<Process, Entered>(
        Process.prototype,
        'enterRegion',
        (original) =>
          function* (this: Process, address: number, access: Access): Code<Entered> {
            const entered = yield* original.call(this, address as never, access as never);
            return entered.error === ERROR.EFAULT ? refused(ERROR.EPERM) : entered;
          },
      ),
  },
  {
    name: 'TLBs keep what is unmapped',
    shows: /^(invariant\.tlb|invariant\.frames)$/,
    calls: ['mmap', 'munmap', 'threadSpawn'],
    operations: 5,
    plant: () => replaced(Hat.prototype, 'shootdown', () => function* (): Code {}),
  },
  {
    name: 'frames are taken without the lock',
    shows: /^(invariant|panic|crash|leak|stuck|hang|result|left)/,
    calls: ['mmap', 'spawn', 'threadSpawn', 'consoleWrite'],
    // A race: each simpler program needs its own luck, so that far more runs than a quick test has would help.
    operations: 40,
    plant: () =>
      replaced(
        Dsm.prototype,
        'allocate',
        () =>
          function* (this: Dsm): Code<number> {
            const free = yield load(this.address + DSM.free);
            if (free !== 0) {
              yield store(this.address + DSM.free, yield load(free));
              yield store(this.address + DSM.count, (yield load(this.address + DSM.count)) - 1);
              return free;
            }
            const fresh = yield load(this.address + DSM.fresh);
            if (fresh >= (yield load(this.address + DSM.end))) return 0;
            yield store(this.address + DSM.fresh, fresh + PAGE_SIZE);
            return fresh;
          },
      ),
  },
];
