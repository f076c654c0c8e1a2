/** Blocks of the file system, read from the disk and written to it. A number that no block has is an error of the disk. */
import { type Code, load } from '../../../hw/isa/index.ts';
import { ERROR } from '../../../kernel/abi/index.ts';
import { diskRead, diskWrite } from '../../runtime/server-calls.ts';
import { VOLUME } from './volume.ts';

/** Reads a block; gives 0 or EIO. */
export function* readBlock(volume: number, block: number, to: number): Code<number> {
  if (!(yield* exists(volume, block))) return ERROR.EIO;
  const sectors = yield load(volume + VOLUME.SECTORS);
  return asFault(yield* diskRead(block * sectors, to, sectors));
}

/** Writes a block; gives 0 or EIO. */
export function* writeBlock(volume: number, block: number, from: number): Code<number> {
  if (!(yield* exists(volume, block))) return ERROR.EIO;
  const sectors = yield load(volume + VOLUME.SECTORS);
  return asFault(yield* diskWrite(block * sectors, from, sectors));
}

function* exists(volume: number, block: number): Code<boolean> {
  return block > 0 && block < (yield load(volume + VOLUME.BLOCKS));
}

/** Whatever keeps the disk from its work: to the caller of the file server it is all one. */
const asFault = (result: number): number => (result < 0 ? ERROR.EIO : 0);
