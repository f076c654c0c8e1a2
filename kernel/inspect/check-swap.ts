/**
 * Swap: each slot is free or holds exactly one page; a page that has no frame has a slot; and the frame table leads from
 * the frame of a page back to it.
 */
import { NODE_BLOCK, PAGE_SHIFT } from '../layout.ts';
import { FRAME } from '../vm/frame-table.ts';
import { PAGE_STATE } from '../vm/page-descriptor.ts';
import { type Findings, hex } from './findings.ts';
import { type PageRecord, pagesOf } from './pages.ts';
import type { Reader } from './reader.ts';

export function checkSwap(reader: Reader): Findings {
  const problems: string[] = [];
  const holders = new Map<number, string>();
  const slots = reader.fact(NODE_BLOCK.swapSlots);
  const pages = new Map(
    reader.processes().flatMap((process) => pagesOf(reader, process).map((page) => [page.address, page])),
  );
  for (const page of pages.values()) {
    const name = `page ${hex(page.user)} of process ${page.process}`;
    problems.push(...strayed(reader, page).map((what) => `${name} ${what}`));
    if (page.slot === 0) continue;
    const other = holders.get(page.slot);
    if (other !== undefined) problems.push(`slot ${page.slot - 1} holds ${name} and ${other}`);
    holders.set(page.slot, name);
    if (page.slot < 0 || page.slot > slots) problems.push(`${name} has slot ${page.slot - 1} of ${slots}`);
  }
  let used = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const isUsed = isTaken(reader, slot);
    if (isUsed) used += 1;
    if (isUsed !== holders.has(slot + 1))
      problems.push(`slot ${slot} is ${isUsed ? 'taken, and holds no page' : `free, and holds a page`}`);
  }
  if (used !== reader.fact(NODE_BLOCK.swapUsed))
    problems.push(`${reader.fact(NODE_BLOCK.swapUsed)} slots are counted, ${used} are taken`);
  return { counted: `${used} of ${slots} slots hold a page`, problems };
}

/** What is wrong with where a page is. */
function strayed(reader: Reader, page: PageRecord): string[] {
  const found: string[] = [];
  if (page.pins < 0) found.push(`has ${page.pins} pins`);
  if (page.state === PAGE_STATE.out && (page.frame !== 0 || page.slot === 0 || page.mappings !== 0))
    found.push('is out of memory, and has a frame, or no slot, or is mapped');
  if (page.state !== PAGE_STATE.valid || page.frame === 0) return found;
  const { fcm, index } = frameRecord(reader, page.frame);
  const root = reader.rootOf(fcm);
  if (root === 0 || index !== page.index || root !== page.root)
    found.push(`lies in frame ${hex(page.frame)}, whose entry says another`);
  return found;
}

/** What the frame table says of a frame. */
function frameRecord(reader: Reader, frame: number): { readonly fcm: number; readonly index: number } {
  const { memoryPerNode } = reader.machine.config;
  const offset = frame % memoryPerNode;
  const entry = frame - offset + reader.fact(NODE_BLOCK.frameTable) + (offset >>> PAGE_SHIFT) * FRAME.SIZE;
  return { fcm: reader.word(entry + FRAME.fcm), index: reader.word(entry + FRAME.index) };
}

/** Whether the bitmap says that a slot is taken. */
const isTaken = (reader: Reader, slot: number): boolean =>
  ((reader.word(reader.fact(NODE_BLOCK.swapMap) + 4 * Math.floor(slot / 32)) >>> (slot % 32)) & 1) === 1;
