/** What the procedures of the interface `Files` do. Their state is the address of the volume. */
import { ERROR } from '../../../kernel/abi/index.ts';
import { CHANGE, CHUNK, Files, SMALL_CHUNK } from '../../files/protocol.ts';
import { implement } from '../../ipc/index.ts';
import { list, statFile, statPath } from './inspect.ts';
import { makeDirectory, removeName } from './names.ts';
import { open } from './open.ts';
import { closeFile } from './open-files.ts';
import { rename } from './rename.ts';
import { map, read, resize, seek, sync, write } from './transfer.ts';

/** A count that makes sense: at most `most`. */
const within = (count: number, most: number): number => Math.min(count, most);

export const fileServer = implement(Files, {
  *open({ path, flags }, _into, volume) {
    return { result: yield* open(volume, path, flags) };
  },
  *close({ file }, _into, volume) {
    return { result: yield* closeFile(volume, file) };
  },
  *read({ file, count }, { data }, volume) {
    return { result: count < 0 ? ERROR.EINVAL : yield* read(volume, file, data, within(count, CHUNK)) };
  },
  *readSmall({ file, count }, { data }, volume) {
    return { result: count < 0 ? ERROR.EINVAL : yield* read(volume, file, data, within(count, SMALL_CHUNK)) };
  },
  *write({ file, count, data }, _into, volume) {
    return { result: count < 0 ? ERROR.EINVAL : yield* write(volume, file, data, within(count, CHUNK)) };
  },
  *writeSmall({ file, count, data }, _into, volume) {
    return {
      result: count < 0 ? ERROR.EINVAL : yield* write(volume, file, data, within(count, SMALL_CHUNK)),
    };
  },
  *lseek({ file, offset, whence }, _into, volume) {
    return { result: yield* seek(volume, file, offset, whence) };
  },
  *stat({ path }, { stat }, volume) {
    return { result: yield* statPath(volume, path, stat) };
  },
  *fstat({ file }, { stat }, volume) {
    return { result: yield* statFile(volume, file, stat) };
  },
  *change({ path, what }, _into, volume) {
    if (what === CHANGE.mkdir) return { result: yield* makeDirectory(volume, path) };
    if (what !== CHANGE.unlink && what !== CHANGE.rmdir) return { result: ERROR.EINVAL };
    return { result: yield* removeName(volume, path, what === CHANGE.rmdir) };
  },
  *rename({ from, to }, _into, volume) {
    return { result: yield* rename(volume, from, to) };
  },
  *readdir({ file }, { data }, volume) {
    return { result: yield* list(volume, file, data) };
  },
  *ftruncate({ file, length }, _into, volume) {
    return { result: yield* resize(volume, file, length) };
  },
  *map({ file, offset, length, flags }, _into, volume) {
    return { result: yield* map(volume, file, { offset, length, flags }) };
  },
  *fsync({ file }, _into, volume) {
    return { result: yield* sync(volume, file) };
  },
});
