/**
 * Page faults to look at: threads touch pages for the first time, each page of anonymous memory or of a disk
 * extent, each thread in a region of its own or all of them in one.
 *
 * In a shared region every thread writes a word of its own in every page, so the threads fault on the same
 * pages at the same time, and then share the lines of those pages falsely.
 */
import { addressOf, type Code, load, store } from '../../hw/isa/index.ts';
import { LIMIT, MAP } from '../../kernel/abi/index.ts';
import { program } from '../program.ts';
import { report } from '../runtime/print.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { mmap, munmap, threadSpawn } from '../runtime/system-calls.ts';
import { joinThread } from '../runtime/thread.ts';
import { SenseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import { FaultBlock } from './fault-block.ts';

const BACKING = { anonymous: 0, disk: 1 } as const;
const SHARING = { private: 0, shared: 1 } as const;
/** Disk blocks of 512 bytes in a page. */
const BLOCKS_PER_PAGE = LIMIT.PAGE / 512;

export default program({
  name: 'fault',
  summary: 'Touches pages for the first time: anonymous or from disk, alone or shared',
  needs: ['shared-memory'],
  parameters: {
    pages: { default: 64, min: 1, max: 4096, summary: 'Pages that each thread touches' },
    threads: { default: 1, min: 1, max: 256, summary: 'Threads, spread over the harts' },
    backing: { default: 0, min: 0, max: 1, choices: BACKING, summary: 'What fills a page' },
    sharing: {
      default: 0,
      min: 0,
      max: 1,
      choices: SHARING,
      summary: 'A region for each thread, or one for all',
    },
  },
  checks: ['pages'],

  *main(env, { pages, threads, backing, sharing }) {
    const harts = yield* env.harts();
    const length = FaultBlock.size(threads);
    const block = new FaultBlock(orThrow('mmap', yield* mmap(0, length, MAP.READ | MAP.WRITE, 0)));
    const region = sharing === SHARING.shared ? yield* mapPages(pages, backing, 0) : 0;
    yield* block.initialize(pages, threads, backing, region);

    const entry = yield addressOf(toucher);
    for (let i = 0; i < threads; i++) {
      yield store(
        block.number(i),
        orThrow('threadSpawn', yield* threadSpawn(entry, block.address, i % harts)),
      );
    }
    let kept = 0;
    for (let i = 0; i < threads; i++) kept += yield* joinThread(env, yield load(block.number(i)));
    if (region !== 0) orThrow('munmap', yield* munmap(region, pages * LIMIT.PAGE));
    const ok = yield* report(
      env,
      'pages',
      kept === threads * pages,
      `${kept} of ${threads * pages} pages kept what was written`,
    );
    return ok ? 0 : 1;
  },
});

// DOC: fault-toucher
/** What each thread runs. Gives how many pages hold what it wrote. */
function* toucher(address: number): Code<number> {
  const block = new FaultBlock(address);
  const index = yield* block.takeIndex();
  const pages = yield* block.pages();
  const shared = yield* block.region();
  const region = shared || (yield* mapPages(pages, yield* block.backing(), index));

  // Together, so that the faults of different threads meet.
  yield* new SenseReversingBarrier(block.barrier, yield* block.threads()).wait();
  const word = region + 4 * index;
  for (let page = 0; page < pages; page++) yield store(word + page * LIMIT.PAGE, page + 1);

  let kept = 0;
  for (let page = 0; page < pages; page++) {
    if ((yield load(word + page * LIMIT.PAGE)) === page + 1) kept++;
  }
  if (region !== shared) orThrow('munmap', yield* munmap(region, pages * LIMIT.PAGE));
  return kept;
}

/** Maps pages: anonymous ones, or the extent of the disk that comes after those of so many other threads. */
function* mapPages(pages: number, backing: number, extent: number): Code<number> {
  const access = MAP.READ | MAP.WRITE;
  const disk = backing === BACKING.disk;
  const block = disk ? extent * pages * BLOCKS_PER_PAGE : 0;
  return orThrow('mmap', yield* mmap(0, pages * LIMIT.PAGE, disk ? access | MAP.DISK : access, block));
}
