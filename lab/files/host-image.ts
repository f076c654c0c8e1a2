/** The host's file behind a disk: each block that the disk has written is in the file at once, so that it is as the disk is. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Disk } from '../../hw/devices/disk.ts';
import { DISK_BLOCK } from '../../hw/address-map.ts';
import { UsageError } from '../cli/exit.ts';

export class HostImage {
  private readonly descriptor: number;

  /**
   * Opens the file, and follows the disk from here on.
   * @throws UsageError when it cannot be written
   */
  constructor(file: string, disk: Disk) {
    try {
      this.descriptor = openSync(file, 'r+');
    } catch (error) {
      throw new UsageError(`--disk ${file}: ${(error as Error).message}`);
    }
    disk.onWrite = (block, count) => {
      const from = block * DISK_BLOCK;
      writeSync(this.descriptor, disk.image, from, count * DISK_BLOCK, from);
    };
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
