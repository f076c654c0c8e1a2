import { describe, expect, test } from 'vitest';
import { CODE_BASE, CODE_STRIDE, DEVICE_BASE } from '../../hw/address-map.ts';
import { CodeTable } from '../../hw/code-table.ts';
import { type Code, pause } from '../../hw/isa/index.ts';

function* first(): Code {
  yield pause();
}
function* second(): Code {
  yield pause();
}

describe('the code table', () => {
  test('gives addresses in the order of first use, each procedure the same one always', () => {
    const table = new CodeTable();
    expect(table.addressOf(second)).toBe(CODE_BASE);
    expect(table.addressOf(first)).toBe(CODE_BASE + CODE_STRIDE);
    expect(table.addressOf(second)).toBe(CODE_BASE);
  });

  test('finds the procedure at an address, and nothing beside it', () => {
    const table = new CodeTable();
    const address = table.addressOf(first);
    expect(table.at(address)).toBe(first);
    for (const other of [0, 1, -1, address + 1, address - CODE_STRIDE, address + CODE_STRIDE, DEVICE_BASE]) {
      expect(table.at(other)).toBeUndefined();
    }
  });

  test('names what it knows, and shows the address of what it does not', () => {
    const table = new CodeTable();
    expect(table.nameOf(table.addressOf(first))).toBe('first');
    expect(table.nameOf(0x1234)).toBe('0x1234');
    expect(table.nameOf(-16)).toBe('0xfffffff0');
  });

  test('gives addresses that no memory and no device has', () => {
    const table = new CodeTable();
    expect(table.addressOf(first) >>> 0).toBeGreaterThanOrEqual(2 ** 31);
  });
});
