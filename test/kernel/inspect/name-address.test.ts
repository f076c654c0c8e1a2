/** Names of addresses: fixed structures, objects in the kernel heap, and pages as they are while a process runs. */
import { describe, expect, test } from 'vitest';
import { addressOf, type Code, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import { Machine } from '../../../hw/machine.ts';
import { MAP } from '../../../kernel/abi/index.ts';
import { CLASS } from '../../../kernel/classes.ts';
import { HART } from '../../../kernel/hart-local.ts';
import { Reader } from '../../../kernel/inspect/reader.ts';
import { descriptors, hatOf, pagesOf, tablesOf, treeNodes } from '../../../kernel/inspect/pages.ts';
import { nameAddress } from '../../../kernel/index.ts';
import { GLOBAL, NODE_BLOCK, PROCESS_TABLE, ROOT_TABLE } from '../../../kernel/layout.ts';
import { CACHE, HART_HEAP, POOL } from '../../../kernel/memory/layout.ts';
import { ROOT } from '../../../kernel/objects/root.ts';
import { PROCESS } from '../../../kernel/processes/process.ts';
import { THREAD } from '../../../kernel/threads/thread.ts';
import { FCM } from '../../../kernel/vm/fcm-layout.ts';
import { HAT } from '../../../kernel/vm/hat-layout.ts';
import { PAGE } from '../../../kernel/vm/page-descriptor.ts';
import { REGION } from '../../../kernel/vm/region-layout.ts';
import { LINK } from '../../../kernel/vm/region-list.ts';
import { small } from '../../hw/machines.ts';
import { run, sys } from '../run.ts';

const BASE = 0x40_0000;

/** Never ends, so that everything that it has can be looked at. */
function* stays(): Code<number> {
  yield sys('mmap', BASE, 4096, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
  yield store(BASE + 8, 1);
  yield sys('threadSpawn', yield addressOf(spins), BASE, 1);
  yield* spins();
  return 0;
}

function* spins(): Code {
  yield spinUntilNot(BASE + 8, 1);
}

const { machine } = run(stays, { harts: 4, set: { nodes: 2, coresPerNode: 2, classifyMisses: true } });
const reader = new Reader(machine);
const [process = 0] = reader.processes();
const name = (address: number): string | undefined => nameAddress(machine, address);

describe('what lies at a fixed place', () => {
  test.each([
    [ROOT_TABLE, 'node 0 kernel page table'],
    [GLOBAL + NODE_BLOCK.consoleLock, 'node 0 console lock'],
    [GLOBAL + NODE_BLOCK.diskLock, 'node 0 disk lock'],
    [GLOBAL + NODE_BLOCK.dsm + 8, 'node 0 DSM lock'],
    [reader.nodeBlock(1) + NODE_BLOCK.dsm + 12, 'node 1 DSM free'],
    [PROCESS_TABLE, 'process table lock'],
    [reader.local(3) + HART.runLock, 'hart 3 run queue (lock)'],
    [reader.local(3) + HART.runHead, 'hart 3 run queue (head)'],
    [reader.local(2) + HART.mailboxRequested, 'hart 2 mailbox (requested)'],
    [reader.local(0) + HART.queueNodes + 64, 'hart 0 lock node 1'],
    [reader.local(1) + HART.futexBuckets, 'hart 1 futex bucket 0'],
    [reader.local(1) + HART.heap + HART_HEAP.caches + 2 * CACHE.SIZE, 'hart 1 heap (cache, 64 bytes)'],
    [reader.local(1) + HART.heap + HART_HEAP.taken, 'hart 1 heap (taken)'],
    [reader.nodeBlock(1) + NODE_BLOCK.heap + POOL.SIZE, 'node 1 heap (pool, 32 bytes, lock)'],
    [reader.local(1) + HART.current, 'hart 1 current'],
    [reader.local(2) + HART.SIZE + 64, 'hart 2 translation table'],
  ])('0x%x', (address, expected) => expect(name(address)).toBe(expected));

  test('and nothing at all in memory that was never used', () => {
    expect(name(0)).toBeUndefined();
    expect(name(machine.config.memoryPerNode - 64)).toBe('node 0 frame table');
    expect(name(machine.config.memoryPerNode - 5 * 4096)).toBeUndefined();
  });
});

describe('an object in the heap is named by its class', () => {
  const link = reader.links(process).find((each) => reader.word(each + LINK.base) === BASE) ?? 0;
  const region = reader.repOf(reader.word(link + LINK.region));
  const fcmRef = reader.word(region + REGION.fcm);
  const fcm = reader.repOf(fcmRef);
  const [thread = 0] = reader.threads(process);
  const stack = reader.repOf(reader.word((reader.links(process)[0] ?? 0) + LINK.region));
  const [page = 0] = descriptors(reader, fcm);

  test('objects and their fields', () => {
    expect(reader.word(fcm)).toBe(CLASS.fcmAnonymous);
    expect(name(process + PROCESS.lock)).toBe('process 1 lock');
    expect(name(thread + THREAD.state)).toBe('process 1 thread 1 state');
    expect(name(region + REGION.inUse)).toBe('region 0x00400000 in use');
    expect(name(fcm + FCM.lock)).toBe(`FCM 0x${fcmRef.toString(16)} lock`);
    expect(name(hatOf(reader, process) + HAT.lock)).toMatch(/^HAT 0x[0-9a-f]+ lock$/);
    expect(name(page + PAGE.mappings)).toBe('page descriptor mappings (page 0)');
    expect(name(reader.rootOf(fcmRef) + ROOT.transSet)).toBe(`root of FCM 0x${fcmRef.toString(16)}`);
  });

  test('blocks without a class by what they belong to', () => {
    expect(name(link)).toBe('process 1 link to region 0x00400000');
    const [node = 0] = treeNodes(reader, reader.repOf(reader.word(stack + REGION.fcm)));
    expect(name(node + 4)).toMatch(/^FCM 0x[0-9a-f]+ page tree$/);
  });

  test('and otherwise by their size', () => {
    const heads = [2, 3, 4].map((number) =>
      reader.word(reader.local(0) + HART.heap + HART_HEAP.caches + number * CACHE.SIZE),
    );
    const known = heads.findIndex((head) => head !== 0);
    expect(name(heads[known] ?? 0)).toBe(`kernel heap block of ${64 << known} bytes, node 0`);
    expect(name(page & -4096)).toMatch(/^heap page of node \d$/);
  });
});

describe('a page is named by', () => {
  test('the address at which its process has it', () => {
    const frame = pagesOf(reader, process).find(({ user }) => user === BASE)?.frame ?? 0;
    expect(name(frame)).toBe('process 1 user page 0x00400000');
    expect(name(frame + 0x48)).toBe('process 1 user page 0x00400000 + 0x48');
  });

  test('whose page table it is', () => {
    const tables = tablesOf(reader, process);
    expect(tables.length).toBeGreaterThan(1);
    for (const table of tables) expect(name(table + 16)).toBe('page table of process 1');
  });

  test('what it was, when the process is gone', () => {
    function* ends(): Code<number> {
      yield sys('mmap', BASE, 4096, MAP.READ | MAP.WRITE | MAP.FIXED, 0);
      yield store(BASE, 1);
      return (yield load(BASE)) - 1;
    }
    const after = run(ends, { harts: 1, set: { classifyMisses: true } }).machine;
    const frames = Array.from({ length: after.config.memoryPerNode / 4096 }, (_, frame) => 4096 * frame);
    const names = frames.map((frame) => nameAddress(after, frame));
    expect(names).toContain('process 1 user page 0x00400000');
    expect(names).toContain('page table of process 1');
  });
});

test('without a kernel there are no names', () => {
  expect(nameAddress(new Machine(small()), 0x2000)).toBeUndefined();
});
