/**
 * A list of files and directories, in memory: what a walk over a tree has found, directories before what is in them. Each entry
 * has its kind and its path.
 */
import { type Code, load, load16, load8, store, store8 } from '../../hw/isa/index.ts';
import type { FileSystem } from '../files/file-system.ts';
import { LISTED, OPEN, PATH_BYTES } from '../files/protocol.ts';
import { copyBytes } from '../servers/files/bytes.ts';

const LIST = { COUNT: 0, ENTRIES: 64 } as const;
const ENTRY = { TYPE: 0, PATH: 4 } as const;
const ENTRY_SIZE = 64 + PATH_BYTES;
/** TYPE of a directory, as `readdir` gives it. */
const DIRECTORY = 2;
const SLASH = 47;
const DOT = 46;

/** Bytes of a list of so many entries. */
export const fileListSize = (entries: number): number => LIST.ENTRIES + entries * ENTRY_SIZE;

export class FileList {
  private readonly address: number;
  private readonly most: number;

  /** Memory that is zero is an empty list, of `most` entries at most. */
  constructor(address: number, most: number) {
    this.address = address;
    this.most = most;
  }

  *count(): Code<number> {
    return yield load(this.address + LIST.COUNT);
  }

  /** Address of the path of an entry, with a zero behind it. */
  path(index: number): number {
    return this.address + LIST.ENTRIES + index * ENTRY_SIZE + ENTRY.PATH;
  }

  *isDirectory(index: number): Code<boolean> {
    return (yield load(this.path(index) - ENTRY.PATH + ENTRY.TYPE)) === DIRECTORY;
  }

  /**
   * Fills the list with all that lies in the directory of a path (without letters: the root), and below it.
   * @param buffer CHUNK bytes for a while
   * @returns 0, or an error
   */
  *walk(files: FileSystem, root: number, buffer: number): Code<number> {
    const failed = yield* this.list(files, root, buffer);
    if (failed !== 0) return failed;
    for (let index = 0; index < (yield* this.count()); index++) {
      const result = (yield* this.isDirectory(index)) ? yield* this.list(files, this.path(index), buffer) : 0;
      if (result !== 0) return result;
    }
    return 0;
  }

  private *list(files: FileSystem, directory: number, buffer: number): Code<number> {
    const isRoot = (yield load8(directory)) === 0;
    const file = yield* files.open(isRoot ? '/' : directory, OPEN.READ);
    if (file < 0) return file;
    let bytes = yield* files.readdir(file, buffer);
    while (bytes > 0) {
      for (let at = 0; at < bytes; at += yield load16(buffer + at + LISTED.RECORD))
        yield* this.add(directory, buffer + at);
      bytes = yield* files.readdir(file, buffer);
    }
    yield* files.close(file);
    return bytes;
  }

  /** Adds an entry as `readdir` gives it, unless it is the directory or its parent, or its path is too long. */
  private *add(directory: number, entry: number): Code {
    const length = yield load8(entry + LISTED.LENGTH);
    const name = entry + LISTED.NAME;
    if (length <= 2 && (yield load8(name)) === DOT && (length === 1 || (yield load8(name + 1)) === DOT))
      return;
    const index = yield* this.count();
    const before = yield* lengthOf(directory);
    if (index === this.most || before + 1 + length + 1 > PATH_BYTES) return;
    const path = this.path(index);
    yield store(path - ENTRY.PATH + ENTRY.TYPE, yield load8(entry + LISTED.TYPE));
    yield* copyBytes(path, directory, before);
    yield store8(path + before, SLASH);
    yield* copyBytes(path + before + 1, name, length);
    yield store8(path + before + 1 + length, 0);
    yield store(this.address + LIST.COUNT, index + 1);
  }
}

/** Letters of a path, up to its zero. */
export function* lengthOf(path: number): Code<number> {
  let length = 0;
  while ((yield load8(path + length)) !== 0) length++;
  return length;
}
