/**
 * Files, as a program sees them: the calls of POSIX, each of which gives what POSIX says or an error below 0. A path is text
 * (ASCII) or the address of bytes with a zero behind them.
 *
 * A view for one thread: the binding is shared by all threads of a process, the scratch is its own.
 */
import type { Code } from '../../hw/isa/index.ts';
import type { Answer } from '../ipc/index.ts';
import type { Env } from '../runtime/env.ts';
import { copyBytes } from '../servers/files/bytes.ts';
import { attach, type FilesClient, type FileTransport, putPath } from './attach.ts';
import { CHANGE, CHUNK, PATH_BYTES, SMALL_CHUNK } from './protocol.ts';

/** Two paths, then a chunk. */
const SCRATCH = { PATH: 0, OTHER: PATH_BYTES, CHUNK: 2 * PATH_BYTES } as const;
/** Where the scratch lies on a thread's stack: beyond what `print` and joins use. */
const SCRATCH_AT = 2048;

/** Text, or an address of it. */
export type Path = string | number;

export class FileSystem {
  private readonly client: FilesClient;
  private readonly binding: number;
  private readonly scratch: number;

  /** @param scratch 2 KiB that nobody else uses meanwhile, from a word on */
  constructor(by: FileTransport, binding: number, scratch: number) {
    this.client = by.files;
    this.binding = binding;
    this.scratch = scratch;
  }

  /** Attaches the process to the file server; gives a binding, for `at`, or an error. */
  static *attach(by: FileTransport, env: Env, path = '/'): Code<number> {
    return yield* attach(by, (yield* env.stack()) + SCRATCH_AT, path);
  }

  /** The view for the thread of `env`. */
  static *at(by: FileTransport, binding: number, env: Env): Code<FileSystem> {
    return new FileSystem(by, binding, (yield* env.stack()) + SCRATCH_AT);
  }

  /**
   * Opens a file.
   * @param flags of OPEN
   * @returns a handle, or ENOENT, EEXIST, EISDIR, ENOTDIR, ENFILE, ENOSPC, EIO …
   */
  *open(path: Path, flags: number): Code<number> {
    yield* putPath(this.path, path);
    return resultOf(yield* this.client.call.open(this.binding, { path: this.path, flags }));
  }

  /** Closes it. EIO: it could not be written. */
  *close(file: number): Code<number> {
    return resultOf(yield* this.client.call.close(this.binding, { file }));
  }

  // DOC: client-read
  /** Reads up to `count` bytes from where the file stands; gives how many there were, 0 at its end. */
  *read(file: number, to: number, count: number): Code<number> {
    let done = 0;
    while (done < count) {
      const part = Math.min(count - done, CHUNK);
      const small = part <= SMALL_CHUNK;
      const direct = (small ? part === SMALL_CHUNK : part === CHUNK) && ((to + done) & 3) === 0;
      const data = direct ? to + done : this.chunk;
      const call = small ? this.client.call.readSmall : this.client.call.read;
      const result = resultOf(yield* call(this.binding, { file, count: part }, { data }));
      if (result < 0) return done > 0 ? done : result;
      if (!direct) yield* copyBytes(to + done, data, result);
      done += result;
      if (result < part) break;
    }
    return done;
  }

  /** Writes `count` bytes to where the file stands; gives how many. ENOSPC, EFBIG, EIO: not one. */
  *write(file: number, from: number, count: number): Code<number> {
    let done = 0;
    while (done < count) {
      const part = Math.min(count - done, CHUNK);
      const small = part <= SMALL_CHUNK;
      const direct = (small ? part === SMALL_CHUNK : part === CHUNK) && ((from + done) & 3) === 0;
      const data = direct ? from + done : this.chunk;
      if (!direct) yield* copyBytes(data, from + done, part);
      const call = small ? this.client.call.writeSmall : this.client.call.write;
      const result = resultOf(yield* call(this.binding, { file, count: part, data }));
      if (result < 0) return done > 0 ? done : result;
      done += result;
      if (result < part) break;
    }
    return done;
  }

  /** Goes to a place in the file; `whence` of SEEK. Gives the place. */
  *lseek(file: number, offset: number, whence: number): Code<number> {
    return resultOf(yield* this.client.call.lseek(this.binding, { file, offset, whence }));
  }

  /** Tells of what a path leads to: STAT_BYTES at `to`. */
  *stat(path: Path, to: number): Code<number> {
    yield* putPath(this.path, path);
    return resultOf(yield* this.client.call.stat(this.binding, { path: this.path }, { stat: to }));
  }

  /** The same of an open file. */
  *fstat(file: number, to: number): Code<number> {
    return resultOf(yield* this.client.call.fstat(this.binding, { file }, { stat: to }));
  }

  *mkdir(path: Path): Code<number> {
    return yield* this.change(path, CHANGE.mkdir);
  }

  *unlink(path: Path): Code<number> {
    return yield* this.change(path, CHANGE.unlink);
  }

  *rmdir(path: Path): Code<number> {
    return yield* this.change(path, CHANGE.rmdir);
  }

  private *change(path: Path, what: number): Code<number> {
    yield* putPath(this.path, path);
    return resultOf(yield* this.client.call.change(this.binding, { path: this.path, what }));
  }

  *rename(from: Path, to: Path): Code<number> {
    yield* putPath(this.path, from);
    yield* putPath(this.scratch + SCRATCH.OTHER, to);
    const paths = { from: this.path, to: this.scratch + SCRATCH.OTHER };
    return resultOf(yield* this.client.call.rename(this.binding, paths));
  }

  /** The next entries of a directory, LISTED each: CHUNK bytes at `to` are written; gives how many are of entries. */
  *readdir(file: number, to: number): Code<number> {
    return resultOf(yield* this.client.call.readdir(this.binding, { file }, { data: to }));
  }

  *ftruncate(file: number, length: number): Code<number> {
    return resultOf(yield* this.client.call.ftruncate(this.binding, { file, length }));
  }

  /**
   * Maps a part of a file that exists, shared with everybody who maps, reads or writes it. `munmap` takes it away again; `msync`
   * or `fsync` bring it to the disk.
   * @param offset a multiple of a page
   * @param flags MAP.READ, MAP.WRITE, as the file was opened
   * @returns the address, or an error (EOPNOTSUPP: only by LRPC)
   */
  *mmap(file: number, offset: number, length: number, flags: number): Code<number> {
    return resultOf(yield* this.client.call.map(this.binding, { file, offset, length, flags }));
  }

  /** What was written is on the disk when it returns 0. */
  *fsync(file: number): Code<number> {
    return resultOf(yield* this.client.call.fsync(this.binding, { file }));
  }

  private get path(): number {
    return this.scratch + SCRATCH.PATH;
  }

  private get chunk(): number {
    return this.scratch + SCRATCH.CHUNK;
  }
}

const resultOf = (answer: Answer<{ readonly result: number }>): number =>
  answer.kind === 'failed' ? answer.error : answer.results.result;
