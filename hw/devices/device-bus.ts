/** Finds the device that a register address belongs to. */
import { DEVICE_BASE, DEVICE_PAGE, DEVICES } from '../address-map.ts';
import type { Device } from './device.ts';

export class DeviceBus {
  private readonly pages: readonly (Device | undefined)[];

  constructor(devices: Readonly<Record<keyof typeof DEVICES, Device>>) {
    const pages: Device[] = [];
    for (const [name, device] of Object.entries(devices)) {
      pages[(DEVICES[name as keyof typeof DEVICES].base - DEVICE_BASE) / DEVICE_PAGE] = device;
    }
    this.pages = pages;
  }

  /** Reads a register; undefined where none is. */
  read(address: number, hart: number, now: number): number | undefined {
    return this.pages[Math.floor((address - DEVICE_BASE) / DEVICE_PAGE)]?.read(
      address & (DEVICE_PAGE - 1),
      hart,
      now,
    );
  }

  /** Writes a register; false where none is. */
  write(address: number, value: number, hart: number, now: number): boolean {
    const device = this.pages[Math.floor((address - DEVICE_BASE) / DEVICE_PAGE)];
    return device?.write(address & (DEVICE_PAGE - 1), value, hart, now) ?? false;
  }
}
