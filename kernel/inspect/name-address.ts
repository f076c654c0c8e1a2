/**
 * What lies at a physical address, in words: "hart 3 run queue (lock)", "FCM 0x18 lock", "page table of process
 * 1", "process 1 user page 0x00010000". Host side; costs and changes nothing.
 *
 * A frame that is nothing to the kernel now is called what the page walker last found in it, where the machine
 * keeps that (config `classifyMisses`): by the end of a run every process is gone.
 */
import type { Machine } from '../../hw/machine.ts';
import { FUTEX_BUCKET, HART, LOCK_LEVELS, missHandlerOffset, TRANSLATION_TABLE } from '../hart-local.ts';
import { LOCALS, NODE_BLOCK, NODE_BLOCK_OFFSET, PAGE_SIZE, PROCESS_TABLE, ROOT_TABLE } from '../layout.ts';
import { BATCH, CACHE, HART_HEAP, NODE_HEAP, POOL, SMALLEST_BLOCK } from '../memory/layout.ts';
import { PROCESS } from '../processes/process.ts';
import { TABLE } from '../processes/process-table.ts';
import { LINE } from '../struct.ts';
import { DSM } from '../vm/dsm.ts';
import { fieldAt, spoken } from './fields.ts';
import { hex } from './findings.ts';
import { nameBlock } from './name-block.ts';
import { Reader } from './reader.ts';

/** The name of what lies at an address, or undefined where there is none: without a kernel, or in unused memory. */
export function nameAddress(machine: Machine, address: number): string | undefined {
  const reader = new Reader(machine);
  if (!reader.loaded) return undefined;
  const node = Math.floor(address / machine.config.memoryPerNode);
  if (node >= reader.nodes) return lastUse(reader, address, ` on node ${node}`);
  const offset = address - reader.nodeBase(node);
  const where = reader.nodes > 1 ? `node ${node} ` : '';
  if (offset < ROOT_TABLE) return undefined;
  if (offset < NODE_BLOCK_OFFSET) return `${where}kernel page table`;
  if (offset < PROCESS_TABLE) return nodeName(where, offset - NODE_BLOCK_OFFSET);
  if (offset < LOCALS) return node === 0 ? tableName(offset - PROCESS_TABLE) : undefined;
  if (offset < reader.fact(NODE_BLOCK.firstFrame)) return hartName(reader, node, offset - LOCALS);
  if (offset >= reader.fact(NODE_BLOCK.swapMap))
    return `${where}${offset < reader.fact(NODE_BLOCK.frameTable) ? 'bitmap of swap' : 'frame table'}`;
  return nameBlock(reader, address) ?? lastUse(reader, address, '');
}

function nodeName(where: string, offset: number): string {
  const field = fieldAt(NODE_BLOCK, offset);
  if (field === 'dsm') return `${where}DSM ${fieldAt(DSM, offset - NODE_BLOCK.dsm)}`;
  if (field === 'dsmRoot') return `root of ${where}DSM`;
  if (field === 'heap') return `${where}heap (${heapPart(NODE_HEAP, offset - NODE_BLOCK.heap)})`;
  const shared = [
    'ready',
    'booted',
    'nextHart',
    'consoleLock',
    'exportLock',
    'exports',
    'diskLock',
    'diskQueue',
    'swapLock',
    'swapNext',
    'swapUsed',
  ].includes(field);
  return `${where}${shared ? spoken(field) : `boot facts (${spoken(field)})`}`;
}

function tableName(offset: number): string {
  const field = fieldAt(TABLE, offset);
  return field === 'slots' ? `process table slot ${(offset - TABLE.slots) >>> 2}` : `process table ${field}`;
}

/** Parts of a HART by the beginnings of their fields' names. */
const PARTS = [
  ['mailbox', 'mailbox'],
  ['run', 'run queue'],
  ['ref', 'references'],
] as const;

function hartName(reader: Reader, node: number, offset: number): string {
  const stride = reader.fact(NODE_BLOCK.stride);
  const hart = node * reader.fact(NODE_BLOCK.hartsPerNode) + Math.floor(offset / stride);
  const inside = offset % stride;
  const name = `hart ${hart}`;
  if (inside >= missHandlerOffset(reader.harts, reader.fact(NODE_BLOCK.refsPerHart))) {
    return `${name} miss handler table`;
  }
  if (inside >= TRANSLATION_TABLE) return `${name} translation table`;
  const field = fieldAt(HART, inside);
  if (field === 'queueNodes') {
    return `${name} lock node ${Math.min(LOCK_LEVELS - 1, Math.floor((inside - HART.queueNodes) / LINE))}`;
  }
  if (field === 'futexBuckets') {
    return `${name} futex bucket ${Math.floor((inside - HART.futexBuckets) / FUTEX_BUCKET.SIZE)}`;
  }
  if (field === 'heap') return `${name} heap (${heapPart(HART_HEAP, inside - HART.heap)})`;
  for (const [prefix, part] of PARTS) {
    if (field.startsWith(prefix)) return `${name} ${part} (${field.slice(prefix.length).toLowerCase()})`;
  }
  return `${name} ${spoken(field)}`;
}

/** A part of the heap of a node or hart: which cache, batch or pool. */
function heapPart(layout: Readonly<Record<string, number>>, offset: number): string {
  const field = fieldAt(layout, offset);
  const inside = offset - (layout[field] as number);
  const size = (unit: number): string => `${SMALLEST_BLOCK << Math.floor(inside / unit)} bytes`;
  if (field === 'caches') return `cache, ${size(CACHE.SIZE)}`;
  if (field === 'ownCaches') return `own cache, ${size(CACHE.SIZE)}`;
  if (field === 'batches') return `batch ${Math.floor(inside / BATCH.SIZE)}`;
  const part = fieldAt(POOL, inside % POOL.SIZE);
  if (field === 'pools') return `pool, ${size(POOL.SIZE)}, ${spoken(part)}`;
  if (field === 'ownPools') return `own pool, ${size(POOL.SIZE)}, ${spoken(part)}`;
  return spoken(field);
}

function lastUse(reader: Reader, address: number, where: string): string | undefined {
  const use = reader.machine.frameUses?.at(address);
  if (use === undefined) return undefined;
  const process = `process ${numberOf(reader, use.asid)}${where}`;
  if (use.kind === 'table') return `page table of ${process}`;
  const inside = address % PAGE_SIZE;
  return `${process} user page ${hex(use.page)}${inside === 0 ? '' : ` + 0x${inside.toString(16)}`}`;
}

/** The number of the process in a slot: an address-space number is the low bits of a process number. */
function numberOf(reader: Reader, slot: number): number {
  const process = reader.word(PROCESS_TABLE + TABLE.slots + 4 * slot);
  return process === 0 ? slot : reader.word(process + PROCESS.number);
}
