/** Requests to the disk, as a driver without interrupts makes them. */
import { DISK, DISK_STATUS } from '../../hw/address-map.ts';
import { type Code, load, store, work } from '../../hw/isa/index.ts';

export interface Request {
  readonly command: number;
  readonly block: number;
  readonly count: number;
  readonly address: number;
}

/** Hands a request to the disk. */
export function* issue({ command, block, count, address }: Request): Code {
  yield store(DISK.BLOCK, block);
  yield store(DISK.COUNT, count);
  yield store(DISK.ADDRESS, address);
  yield store(DISK.COMMAND, command);
}

/** Waits until the disk is not busy; gives its status. */
export function* settled(): Code<number> {
  for (;;) {
    const status = yield load(DISK.STATUS);
    if (status !== DISK_STATUS.busy) return status;
    yield work(10);
  }
}
