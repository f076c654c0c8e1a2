import {
  CODE_BASE,
  CODE_STRIDE,
  CONSOLE,
  DEVICE_BASE,
  DEVICE_PAGE,
  DEVICES,
  DISK,
  DISK_BLOCK,
  DISK_COMMAND,
  DISK_STATUS,
  INTERRUPT_CONTROLLER,
  INTERRUPT_SOURCE,
  POWER,
} from '../../hw/address-map.ts';
import { LIMIT } from '../../kernel/abi/index.ts';
import { constantRows } from './constants.ts';
import { code, hexadecimal, page, table } from './markdown.ts';

const REGISTERS = { CONSOLE, DISK, INTERRUPT_CONTROLLER, POWER };

/** docs/reference/address-map.md: what lies where. */
export async function renderAddressMap(): Promise<string> {
  const registers = await Promise.all(
    Object.entries(REGISTERS).map(async ([name, values]) =>
      (await constantRows('hw/address-map.ts', name, values)).map((row) => ({
        ...row,
        name: `${name}.${row.name}`,
      })),
    ),
  );
  const numbers = (values: Readonly<Record<string, number>>): string =>
    Object.entries(values)
      .map(([name, value]) => `${value} ${name}`)
      .join(', ');
  return page(
    'The address map',
    '## Physical addresses',
    table(
      ['from', 'what'],
      [
        [hexadecimal(0), 'Memory: node n has [n · memoryPerNode, (n + 1) · memoryPerNode)'],
        ...Object.values(DEVICES).map((device) => [hexadecimal(device.base), device.summary]),
        [hexadecimal(CODE_BASE), `Code addresses, ${CODE_STRIDE} apart: never memory, never mapped`],
      ],
    ),
    `Device registers begin at ${hexadecimal(DEVICE_BASE)}, one page of ${DEVICE_PAGE} bytes for each device. They are ` +
      'words, and bypass the caches.',
    '## Device registers',
    table(
      ['address', 'register', 'what it does'],
      registers.flat().map((row) => [hexadecimal(row.value), code(row.name), row.summary]),
    ),
    `A disk block has ${DISK_BLOCK} bytes. Commands: ${numbers(DISK_COMMAND)}. States: ${numbers(DISK_STATUS)}. ` +
      `Interrupt sources: ${numbers(INTERRUPT_SOURCE)}.`,
    '## Virtual addresses of a process',
    table(
      ['from', 'what'],
      [
        [hexadecimal(0), 'Never mapped: a null pointer faults'],
        [hexadecimal(LIMIT.USER_BASE), 'User memory: what mmap gives, and the stacks of threads'],
        [hexadecimal(LIMIT.USER_END), 'Not for users'],
      ],
    ),
  );
}
