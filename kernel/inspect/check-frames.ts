/**
 * Frames: each page frame is in exactly one place (free, never used, heap, page table, page), and a page's
 * mapping count equals the page-table entries that point to its frame.
 */
import { NODE_BLOCK, PAGE_SIZE } from '../layout.ts';
import { DSM } from '../vm/dsm.ts';
import { type Findings, hex } from './findings.ts';
import { pagesOfPool, poolsOf } from './heap-blocks.ts';
import { mappingsOf, type PageRecord, pagesOf, tablesOf } from './pages.ts';
import type { Reader } from './reader.ts';

export function checkFrames(reader: Reader): Findings {
  const problems: string[] = [];
  const places = new Map<number, string>();
  const put = (frame: number, place: string): void => {
    const other = places.get(frame);
    if (other !== undefined) problems.push(`frame ${hex(frame)} is ${place} and ${other}`);
    places.set(frame, place);
  };
  for (const pool of poolsOf(reader)) {
    for (const page of pagesOfPool(reader, pool)) put(page, `heap of ${pool.owner}`);
  }
  const pages = new Map<number, PageRecord>();
  const entries = new Map<number, number>();
  for (const process of reader.processes()) {
    for (const table of tablesOf(reader, process)) put(table, 'a page table');
    const mapped = countMappings(reader, process);
    // A page of memory that several domains share is one page, with entries in each of their page tables.
    const own = new Map(pagesOf(reader, process).map((page) => [page.address, page]));
    for (const [address, page] of own) {
      pages.set(address, page);
      entries.set(address, (entries.get(address) ?? 0) + (mapped.get(page.frame) ?? 0));
    }
  }
  for (const [address, page] of pages) {
    if (page.frame !== 0) put(page.frame, `page ${hex(page.user)} of process ${page.process}`);
    if (entries.get(address) !== page.mappings)
      problems.push(`page ${hex(page.user)} counts ${page.mappings} mappings, has ${entries.get(address)}`);
  }
  let total = 0;
  for (let node = 0; node < reader.nodes; node += 1) {
    const dsm = reader.nodeBlock(node) + NODE_BLOCK.dsm;
    const free = reader.list(dsm + DSM.free, 0);
    for (const frame of free) {
      put(frame, `free on node ${node}`);
      if (frame < reader.word(dsm + DSM.first) || frame >= reader.word(dsm + DSM.fresh))
        problems.push(`frame ${hex(frame)} is free on node ${node}, and not of it`);
    }
    if (free.length !== reader.word(dsm + DSM.count))
      problems.push(`node ${node} counts ${reader.word(dsm + DSM.count)} free frames, has ${free.length}`);
    for (let frame = reader.word(dsm + DSM.first); frame < reader.word(dsm + DSM.fresh); frame += PAGE_SIZE) {
      total += 1;
      if (!places.has(frame)) problems.push(`frame ${hex(frame)} is nowhere`);
    }
  }
  if (places.size > total) problems.push(`${places.size - total} frames lie outside of any DSM's range`);
  return { counted: `${total} frames used once or more, each in one place`, problems };
}

function countMappings(reader: Reader, process: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { frame } of mappingsOf(reader, process)) counts.set(frame, (counts.get(frame) ?? 0) + 1);
  return counts;
}
