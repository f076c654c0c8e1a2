/**
 * The physical address map: node memory from 0 upward, device registers just below 2 GiB.
 *
 * Node n's memory is [n · memoryPerNode, (n + 1) · memoryPerNode). All addresses are below 2^31, so a
 * physical address is a non-negative 32-bit integer. Code addresses lie above 2^31, where nothing is ever
 * mapped: a program counter tells a coroutine from machine code by that alone. Rendered to
 * docs/reference/address-map.md.
 */

/** First address of the device registers. Memory ends at or below it. */
export const DEVICE_BASE = 0x7f00_0000;

export const DEVICE_PAGE = 0x1000;

/** Register pages, one per device. Registers are words; other sizes are access faults. */
export const DEVICES = {
  console: { base: DEVICE_BASE, summary: 'Console: bytes written to DATA appear on the host.' },
  disk: { base: DEVICE_BASE + DEVICE_PAGE, summary: 'Disk: one request at a time, by DMA.' },
  interrupts: {
    base: DEVICE_BASE + 2 * DEVICE_PAGE,
    summary: 'Interrupt controller: which hart a device interrupts; claim and complete.',
  },
  network: {
    base: DEVICE_BASE + 4 * DEVICE_PAGE,
    summary: 'Network interface (cluster): which node this is, of how many.',
  },
  power: {
    base: DEVICE_BASE + 3 * DEVICE_PAGE,
    summary: 'Power: writing STATUS stops the machine with that status.',
  },
} as const;

export const CONSOLE = {
  /** Write: one byte to the console. */
  DATA: DEVICES.console.base,
} as const;

export const DISK = {
  /** Write: first block of the request. */
  BLOCK: DEVICES.disk.base,
  /** Write: number of blocks. */
  COUNT: DEVICES.disk.base + 4,
  /** Write: physical address of the buffer, aligned to a block. */
  ADDRESS: DEVICES.disk.base + 8,
  /** Write 1 to read blocks into memory, 2 to write memory to blocks: the request starts. */
  COMMAND: DEVICES.disk.base + 12,
  /** Read: DISK_STATUS of the last request. */
  STATUS: DEVICES.disk.base + 16,
  /** Read: number of blocks on the disk. */
  BLOCKS: DEVICES.disk.base + 20,
} as const;

/** Commands that the disk's COMMAND register takes. */
export const DISK_COMMAND = { read: 1, write: 2 } as const;
/** Values of the disk's STATUS register. */
export const DISK_STATUS = { idle: 0, busy: 1, done: 2, error: 3 } as const;
/** Bytes in a disk block. */
export const DISK_BLOCK = 512;

export const INTERRUPT_CONTROLLER = {
  /** Read: number of the highest-priority pending source for this hart, which becomes claimed; 0 if none. Write: completes it. */
  CLAIM: DEVICES.interrupts.base,
  /** Write at + 4 · source: the hart that the source interrupts (-1: none). */
  ROUTE: DEVICES.interrupts.base + 0x100,
} as const;

/** Interrupt sources, numbered from 1. */
export const INTERRUPT_SOURCE = { disk: 1, network: 2 } as const;

export const POWER = {
  /** Write: the machine stops with this status. */
  STATUS: DEVICES.power.base,
} as const;

/** Code addresses: CODE_BASE + 16 · index, as a signed word. */
export const CODE_BASE = 0xf000_0000 | 0;
export const CODE_STRIDE = 16;

export const NETWORK = {
  /** Read: the number of this node. */
  NODE: DEVICES.network.base,
  /** Read: how many nodes there are. */
  NODES: DEVICES.network.base + 4,
  /** Read: messages that wait to be received. */
  WAITING: DEVICES.network.base + 8,
} as const;

/** Words in a message at most: a line. */
export const MESSAGE_WORDS = 16;
