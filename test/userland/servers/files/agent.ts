/** An agent: carries operations out in a directory of its own, by the file server, and gives the answers. */
import { type Code, load, load16, load8, store8 } from '../../../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../../../kernel/abi/index.ts';
import { munmap } from '../../../../userland/runtime/system-calls.ts';
import type { FileSystem } from '../../../../userland/files/file-system.ts';
import { FILE_KIND, LISTED, OPEN, SEEK, STAT } from '../../../../userland/files/protocol.ts';
import { type Answer, byteAt, digest, type Operation } from './model.ts';

/** Bytes that an operation moves at most; the buffer of an agent has as many. */
export const MOST_MOVED = 4096;

/** No file was ever known by this. */
const NO_HANDLE = 0x00ff_ff01;

export class Agent {
  private readonly files: FileSystem;
  private readonly base: string;
  private readonly buffer: number;
  private readonly handles = new Map<number, number>();

  /** @param base the agent's directory, which exists */
  constructor(files: FileSystem, base: string, buffer: number) {
    this.files = files;
    this.base = base;
    this.buffer = buffer;
  }

  *carryOut(operation: Operation): Code<Answer> {
    const { files, buffer } = this;
    const path = 'path' in operation ? `${this.base}/${operation.path}` : '';
    const file = 'slot' in operation ? (this.handles.get(operation.slot) ?? NO_HANDLE) : 0;
    switch (operation.kind) {
      case 'open': {
        const handle = yield* files.open(path, operation.flags);
        if (handle < 0) return handle;
        const old = this.handles.get(operation.slot);
        if (old !== undefined) yield* files.close(old);
        this.handles.set(operation.slot, handle);
        return 1;
      }
      case 'close':
        this.handles.delete(operation.slot);
        return yield* files.close(file);
      case 'fsync':
        return yield* files.fsync(file);
      case 'fstat':
        return yield* this.told(yield* files.fstat(file, buffer));
      case 'stat':
        return yield* this.told(yield* files.stat(path, buffer));
      case 'read': {
        const done = yield* files.read(file, buffer, operation.count);
        return done < 0 ? done : digest(yield* this.bytes(done));
      }
      case 'write':
        for (let index = 0; index < operation.count; index++)
          yield store8(buffer + index, byteAt(operation.first, index));
        return yield* files.write(file, buffer, operation.count);
      case 'peek':
      case 'poke':
        return yield* this.mapped(operation, file);
      case 'lseek':
        return yield* files.lseek(file, operation.offset, operation.whence);
      case 'ftruncate':
        return yield* files.ftruncate(file, operation.length);
      case 'mkdir':
        return yield* files.mkdir(path);
      case 'unlink':
        return yield* files.unlink(path);
      case 'rmdir':
        return yield* files.rmdir(path);
      case 'rename':
        return yield* files.rename(path, `${this.base}/${operation.to}`);
      case 'readdir':
        return yield* this.list(path);
    }
  }

  /** Maps the file, looks or stores, and unmaps it; what is stored may stay in the window. */
  private *mapped(operation: Extract<Operation, { kind: 'peek' | 'poke' }>, file: number): Code<Answer> {
    const told = yield* this.files.fstat(file, this.buffer);
    if (told < 0) return told;
    const size = yield load(this.buffer + STAT.SIZE);
    const flags = operation.kind === 'poke' ? MAP.READ | MAP.WRITE : MAP.READ;
    const kind = (yield load(this.buffer + STAT.MODE)) & FILE_KIND.MASK;
    if (operation.offset >= size && kind === FILE_KIND.FILE) {
      // The rights are looked at first.
      const nothing = yield* this.files.mmap(file, 0, 1, flags);
      if (nothing < 0) return nothing;
      yield* munmap(nothing, LIMIT.PAGE);
      return 'beyond the end';
    }
    const at = yield* this.files.mmap(file, 0, Math.max(1, size), flags);
    if (at < 0) return at;
    let answer: Answer = 0;
    if (operation.kind === 'poke') yield store8(at + operation.offset, operation.first);
    else {
      const found: number[] = [];
      for (let index = operation.offset; index < Math.min(size, operation.offset + operation.count); index++)
        found.push(yield load8(at + index));
      answer = digest(found);
    }
    const gone = yield* munmap(at, size);
    return gone < 0 ? gone : answer;
  }

  private *bytes(count: number): Code<number[]> {
    const bytes: number[] = [];
    for (let index = 0; index < count; index++) bytes.push(yield load8(this.buffer + index));
    return bytes;
  }

  private *told(result: number): Code<Answer> {
    if (result < 0) return result;
    const kind = (yield load(this.buffer + STAT.MODE)) & FILE_KIND.MASK;
    const size = yield load(this.buffer + STAT.SIZE);
    if (kind === FILE_KIND.FILE) return `file of ${size}`;
    return `directory with ${yield load(this.buffer + STAT.LINKS)} names`;
  }

  private *list(path: string): Code<Answer> {
    const directory = yield* this.files.open(path, OPEN.READ);
    if (directory < 0) return directory;
    const names: string[] = [];
    let bytes = yield* this.files.readdir(directory, this.buffer);
    while (bytes > 0) {
      for (let at = 0; at < bytes; at += yield load16(this.buffer + at + LISTED.RECORD))
        names.push(yield* this.nameAt(this.buffer + at));
      bytes = yield* this.files.readdir(directory, this.buffer);
    }
    yield* this.files.close(directory);
    return bytes < 0 ? bytes : names.toSorted().join(' ');
  }

  private *nameAt(entry: number): Code<string> {
    const length = yield load8(entry + LISTED.LENGTH);
    let name = '';
    for (let index = 0; index < length; index++)
      name += String.fromCharCode(yield load8(entry + LISTED.NAME + index));
    return name;
  }
}

/** Numbers from a seed: below a limit, and one of several. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 1;
  }

  below(limit: number): number {
    this.state = (Math.imul(this.state, 0x0001_9660d) + 0x3c6e_f35f) | 0;
    return Math.floor(((this.state >>> 8) * limit) / (1 << 24));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}

const NAMES = ['a', 'b', 'cc', 'a name that is longer'] as const;
const WAYS = [
  OPEN.READ,
  OPEN.READ | OPEN.WRITE,
  OPEN.READ | OPEN.WRITE | OPEN.CREATE,
  OPEN.READ | OPEN.WRITE | OPEN.CREATE,
  OPEN.READ | OPEN.WRITE | OPEN.CREATE,
  OPEN.WRITE | OPEN.CREATE | OPEN.EXCLUSIVE,
  OPEN.READ | OPEN.WRITE | OPEN.CREATE | OPEN.TRUNCATE,
  OPEN.WRITE | OPEN.CREATE | OPEN.APPEND,
] as const;
const SLOTS = 3;
/** Farther than a block of pointers is away. */
const FAR = 14_000;

/** Draws an operation; `mapped`: on mappings, too. */
export function drawOperation(dice: Dice, mapped = false): Operation {
  const path = Array.from({ length: 1 + dice.below(3) }, () => dice.of(NAMES)).join('/');
  const slot = dice.below(SLOTS);
  switch (dice.below(mapped ? 23 : 20)) {
    case 0:
    case 1:
    case 2:
      return { kind: 'open', path, flags: dice.of(WAYS), slot };
    case 3:
      return { kind: 'close', slot };
    case 4:
      return { kind: 'fsync', slot };
    case 5:
      return { kind: 'fstat', slot };
    case 6:
    case 7:
      return { kind: 'read', slot, count: dice.of([1, 60, 64, 1000, 3000]) };
    case 8:
    case 9:
    case 10:
      return { kind: 'write', slot, count: dice.of([1, 64, 100, 960, 1024, 3000]), first: dice.below(256) };
    case 11:
    case 12:
      return {
        kind: 'lseek',
        slot,
        offset: dice.of([0, 0, 3, 512, 1024, -5, dice.below(FAR)]),
        whence: dice.of([SEEK.SET, SEEK.SET, SEEK.CURRENT, SEEK.END]),
      };
    case 13:
      return { kind: 'ftruncate', slot, length: dice.of([0, 1, 100, 1024, 5000, dice.below(FAR)]) };
    case 14:
    case 15:
      return { kind: 'mkdir', path };
    case 16:
      return { kind: dice.of(['unlink', 'rmdir'] as const), path };
    case 17:
      return {
        kind: 'rename',
        path,
        to: Array.from({ length: 1 + dice.below(2) }, () => dice.of(NAMES)).join('/'),
      };
    case 18:
      return { kind: 'stat', path };
    case 20:
      return { kind: 'peek', slot, offset: dice.below(FAR), count: 100 };
    case 21:
      return { kind: 'peek', slot, offset: 0, count: 600 };
    case 22:
      return { kind: 'poke', slot, offset: dice.of([0, 3, 1023, dice.below(FAR)]), first: dice.below(256) };
    default:
      return { kind: 'readdir', path };
  }
}
