/** The pages, page tables and mappings of all processes, as plain host-side records. */
import { LINK } from '../vm/region-list.ts';
import { FCM } from '../vm/fcm-layout.ts';
import { HAT } from '../vm/hat-layout.ts';
import { PAGE } from '../vm/page-descriptor.ts';
import { ENTRIES, frameOf, PTE } from '../vm/page-table.ts';
import { ROOT } from '../objects/root.ts';
import { PROCESS } from '../processes/process.ts';
import { MAPPER } from '../vm/mappers.ts';
import { REGION } from '../vm/region-layout.ts';
import { repsOfRoot } from './objects.ts';
import type { Reader } from './reader.ts';

const FAN_OUT = 16;

export interface PageRecord {
  readonly address: number;
  readonly process: number;
  /** The root of its FCM, and its number there. */
  readonly root: number;
  readonly index: number;
  /** User address of the page. */
  readonly user: number;
  readonly frame: number;
  readonly mappings: number;
  /** Of PAGE_STATE. */
  readonly state: number;
  readonly pins: number;
  /** Its slot of swap plus 1, or 0. */
  readonly slot: number;
}

export interface MappingRecord {
  readonly user: number;
  readonly frame: number;
  readonly entry: number;
}

/** Descriptors of all pages of a process that are resident or in swap. */
export function pagesOf(reader: Reader, process: number): PageRecord[] {
  return reader.links(process).flatMap((link) => {
    const region = reader.repOf(reader.word(link + LINK.region));
    if (region === 0) return [];
    const base = reader.word(region + REGION.base) - 4096 * reader.word(region + REGION.offset);
    return chainOf(reader, region).flatMap(({ root, reps }) =>
      reps
        .flatMap((fcm) => descriptors(reader, fcm))
        .map((page) => ({
          address: page,
          process: reader.word(process + PROCESS.number),
          root,
          index: reader.word(page + PAGE.index),
          user: base + 4096 * reader.word(page + PAGE.index),
          frame: reader.word(page + PAGE.frame),
          mappings: reader.word(page + PAGE.mappings),
          state: reader.word(page + PAGE.state),
          pins: reader.word(page + PAGE.pins),
          slot: reader.word(page + PAGE.slot),
        })),
    );
  });
}

/** Representatives of the FCM of a region, and of those that it is a copy of, the nearest first. */
export const fcmsOf = (reader: Reader, region: number): number[] =>
  chainOf(reader, region).flatMap(({ reps }) => reps);

/** The same, one after the other: the root of each, and its representatives. */
export function chainOf(
  reader: Reader,
  region: number,
): { readonly root: number; readonly reps: readonly number[] }[] {
  const chain: { readonly root: number; readonly reps: readonly number[] }[] = [];
  let root = reader.rootOf(reader.word(region + REGION.fcm));
  while (root !== 0) {
    chain.push({ root, reps: repsOfRoot(reader, root) });
    const parent = reader.word(reader.word(root + ROOT.primary) + FCM.parent);
    root = parent === 0 ? 0 : reader.rootOf(parent);
  }
  return chain;
}

/** Descriptors in the tree of an FCM's representative. */
export function descriptors(reader: Reader, fcm: number): number[] {
  let level = reader.word(fcm + FCM.tree) === 0 ? [] : [reader.word(fcm + FCM.tree)];
  for (let height = reader.word(fcm + FCM.height); height > 0; height -= 1)
    level = level.flatMap((node) => children(reader, node));
  return level;
}

/** What an FCM's representative has noted of the regions that have its pages. */
export const mappers = (reader: Reader, fcm: number): number[] => reader.list(fcm + FCM.mappers, MAPPER.next);

/** Nodes of the tree of an FCM's representative. */
export function treeNodes(reader: Reader, fcm: number): number[] {
  const found: number[] = [];
  let level = reader.word(fcm + FCM.tree) === 0 ? [] : [reader.word(fcm + FCM.tree)];
  for (let height = reader.word(fcm + FCM.height); height > 0; height -= 1) {
    found.push(...level);
    level = level.flatMap((node) => children(reader, node));
  }
  return found;
}

const children = (reader: Reader, node: number): number[] =>
  Array.from({ length: FAN_OUT }, (_, index) => reader.word(node + 4 * index)).filter((child) => child !== 0);

/** The HAT's representative of a process, or 0. */
export const hatOf = (reader: Reader, process: number): number =>
  reader.repOf(reader.word(process + PROCESS.hat));

/** Frames that hold page tables of a process. */
export function tablesOf(reader: Reader, process: number): number[] {
  const hat = hatOf(reader, process);
  if (hat === 0) return [];
  const root = reader.word(hat + HAT.roots);
  return [root, ...valid(reader, root).map(({ entry }) => frameOf(entry))];
}

/** Entries that map user pages of a process. */
export function mappingsOf(reader: Reader, process: number): MappingRecord[] {
  const hat = hatOf(reader, process);
  if (hat === 0) return [];
  return valid(reader, reader.word(hat + HAT.roots)).flatMap((table) =>
    valid(reader, frameOf(table.entry)).map(({ index, entry }) => ({
      user: table.index * 4096 * ENTRIES + index * 4096,
      frame: frameOf(entry),
      entry,
    })),
  );
}

const valid = (reader: Reader, table: number): { readonly index: number; readonly entry: number }[] =>
  Array.from({ length: ENTRIES }, (_, index) => ({ index, entry: reader.word(table + 4 * index) })).filter(
    ({ entry }) => (entry & PTE.V) !== 0,
  );
