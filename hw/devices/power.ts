/** Power: writing STATUS stops the machine. */
import { DEVICES, POWER } from '../address-map.ts';
import type { Device } from './device.ts';

export class Power implements Device {
  private readonly onStop: (status: number) => void;

  constructor(onStop: (status: number) => void) {
    this.onStop = onStop;
  }

  read(): undefined {
    return undefined;
  }

  write(offset: number, value: number): boolean {
    if (offset !== POWER.STATUS - DEVICES.power.base) return false;
    this.onStop(value);
    return true;
  }
}
