/**
 * Isolation: a process has mapped what its regions say, and nothing else. A page-table entry points to the frame of that
 * page of the region's FCM, or of one that it is a copy of, at that address; it may be written only where the region
 * allows it and the page is the FCM's own; and what is private is writable in one process.
 */
import { MAP } from '../abi/flags.ts';
import { PAGE, PAGE_STATE } from '../vm/page-descriptor.ts';
import { PTE } from '../vm/page-table.ts';
import { LINK } from '../vm/region-list.ts';
import { REGION } from '../vm/region-layout.ts';
import { PROCESS } from '../processes/process.ts';
import { type Findings, hex } from './findings.ts';
import { chainOf, descriptors, type MappingRecord, mappingsOf } from './pages.ts';
import type { Reader } from './reader.ts';

/** The frames of a region's pages by number: its own, and those of the FCMs that it is a copy of. */
interface Holdings {
  readonly own: ReadonlyMap<number, number>;
  readonly inherited: readonly ReadonlyMap<number, number>[];
}

export function checkIsolation(reader: Reader): Findings {
  const problems: string[] = [];
  const writers = new Map<number, number>();
  let count = 0;
  for (const process of reader.processes()) {
    const number = reader.word(process + PROCESS.number);
    const links = reader.links(process);
    const holdings = new Map<number, Holdings>();
    for (const mapping of mappingsOf(reader, process)) {
      count += 1;
      const name = `page ${hex(mapping.user)} of process ${number}`;
      const link = links.find((each) => covers(reader, each, mapping.user));
      const region = link === undefined ? 0 : reader.repOf(reader.word(link + LINK.region));
      if (region === 0) {
        problems.push(`${name} is mapped, and in no region`);
        continue;
      }
      const known = holdings.get(region) ?? holdingsOf(reader, region);
      holdings.set(region, known);
      problems.push(...wrongOf(reader, region, known, mapping).map((what) => `${name} ${what}`));
      if ((mapping.entry & PTE.W) === 0 || (reader.word(region + REGION.flags) & MAP.SHARED) !== 0) continue;
      const other = writers.get(mapping.frame) ?? number;
      if (other !== number) problems.push(`${name} is private, and writable in process ${other}, too`);
      writers.set(mapping.frame, number);
    }
  }
  return { counted: `${count} pages are mapped as their regions say`, problems };
}

const covers = (reader: Reader, link: number, address: number): boolean =>
  reader.word(link + LINK.base) <= address && address < reader.word(link + LINK.end);

function holdingsOf(reader: Reader, region: number): Holdings {
  const [own = new Map<number, number>(), ...inherited] = chainOf(reader, region).map(
    ({ reps }) =>
      new Map(
        reps
          .flatMap((rep) => descriptors(reader, rep))
          // While a page of one's own is being made, that of an ancestor is still mapped.
          .filter((page) => reader.word(page + PAGE.state) !== PAGE_STATE.busy)
          .map((page) => [reader.word(page + PAGE.index), reader.word(page + PAGE.frame)]),
      ),
  );
  return { own, inherited };
}

/** What is wrong with a page-table entry. */
function wrongOf(
  reader: Reader,
  region: number,
  { own, inherited }: Holdings,
  mapping: MappingRecord,
): string[] {
  const { user, frame, entry } = mapping;
  const index = ((user - reader.word(region + REGION.base)) >>> 12) + reader.word(region + REGION.offset);
  const isOwn = own.get(index) === frame;
  if (!isOwn && (own.has(index) || inherited.find((pages) => pages.has(index))?.get(index) !== frame))
    return [`is mapped to frame ${hex(frame)}, which is not its own`];
  if ((entry & PTE.W) === 0) return [];
  if (!isOwn) return [`can be written in frame ${hex(frame)}, which others have, too`];
  return (reader.word(region + REGION.flags) & MAP.WRITE) === 0 ? ['can be written, against its region'] : [];
}
