/** What lies in a block of the kernel heap: its class word says it, or the object that it belongs to. */
import { CLASS, className } from '../classes.ts';
import { pageMark, pageOf } from '../memory/heap-page.ts';
import { HEAP_PAGE } from '../memory/layout.ts';
import { firstBlock } from '../memory/size-class.ts';
import { COUNTER } from '../counters/layout.ts';
import { PORT } from '../ipc/port.ts';
import { MAIL } from '../ipc/ppc/mail.ts';
import { RIGHT } from '../ipc/right.ts';
import { BINDING, CHUNK, EXPORT, LINKAGE, SEGMENT } from '../ipc/lrpc/layout.ts';
import { MEDIATOR } from '../objects/mediator.ts';
import { ROOT } from '../objects/root.ts';
import { PROCESS, PROCESS_REP } from '../processes/process.ts';
import { RUN_QUEUE } from '../scheduling/run-queue.ts';
import { BARRIER, CONDITION, MUTEX, RWLOCK, SEMAPHORE } from '../sync/layout.ts';
import { THREAD } from '../threads/thread.ts';
import { COR } from '../vm/cor.ts';
import { FCM } from '../vm/fcm-layout.ts';
import { HAT } from '../vm/hat-layout.ts';
import { PAGE } from '../vm/page-descriptor.ts';
import { REGION } from '../vm/region-layout.ts';
import { LINK } from '../vm/region-list.ts';
import { fieldAt, spoken } from './fields.ts';
import { hex } from './findings.ts';
import { pagesOfPool, type PoolRecord, poolsOf } from './heap-blocks.ts';
import { repsOfRoot } from './objects.ts';
import { fcmsOf, mappers, treeNodes } from './pages.ts';
import type { Reader } from './reader.ts';

/** The name of what lies at an address of the kernel heap, or undefined if the address is not of the heap. */
export function nameBlock(reader: Reader, address: number): string | undefined {
  const page = pageOf(address);
  const pool = poolOf(reader, page);
  if (pool === undefined) return undefined;
  const { size, owner } = pool;
  const block = address - (address % size);
  if (block - page < firstBlock(size)) return `heap page of ${owner}`;
  const offset = address - block;
  const word = reader.word(block);
  const field = (layout: Readonly<Record<string, number>>): string => spoken(fieldAt(layout, offset));
  switch (word) {
    case CLASS.process:
      return `process ${reader.word(block + PROCESS.number)} ${field(PROCESS)}`;
    case CLASS.thread:
      return `${threadName(reader, block)} ${field(THREAD)}`;
    case CLASS.region:
      return `region ${hex(reader.word(block + REGION.base))} ${field(REGION)}`;
    case CLASS.fcmAnonymous:
    case CLASS.fcmDisk:
    case CLASS.fcmCopy:
      return `FCM${refText(reader, block)} ${field(FCM)}`;
    case CLASS.corDisk:
    case CLASS.corFile:
      return `COR${refText(reader, block)} ${field(COR)}`;
    case CLASS.hat:
      return `HAT${refText(reader, block)} ${field(HAT)}`;
    case CLASS.page:
      return `page descriptor ${field(PAGE)} (page ${reader.word(block + PAGE.index)})`;
    case CLASS.processRep:
      return `process ${reader.word(block + PROCESS_REP.number)} representative ${field(PROCESS_REP)}`;
    case CLASS.counterPartitioned:
    case CLASS.counterReplicated:
      return `counter${refText(reader, block)} ${field(COUNTER)}`;
    case CLASS.port:
      return `port${refText(reader, block)} ${field(PORT)}`;
    case CLASS.mail:
      return `mail ${field(MAIL)}`;
    case CLASS.right:
      return `right${refText(reader, block)} ${field(RIGHT)}`;
    case CLASS.exported:
      return `LRPC export${refText(reader, block)} ${field(EXPORT)}`;
    case CLASS.binding:
      return `LRPC binding${refText(reader, block)} ${field(BINDING)}`;
    case CLASS.aStacks:
      return offset < CHUNK.SIZE
        ? `LRPC A-stacks${refText(reader, block)} ${field(CHUNK)}`
        : `LRPC linkage ${spoken(fieldAt(LINKAGE, (offset - CHUNK.SIZE) % LINKAGE.SIZE))}`;
    case CLASS.segment:
      return `LRPC segment${refText(reader, block)} ${field(SEGMENT)}`;
    case CLASS.mutex:
      return `mutex${refText(reader, block)} ${field(MUTEX)}`;
    case CLASS.rwlock:
      return `rwlock${refText(reader, block)} ${field(RWLOCK)}`;
    case CLASS.condition:
      return `condition${refText(reader, block)} ${field(CONDITION)}`;
    case CLASS.semaphore:
      return `semaphore${refText(reader, block)} ${field(SEMAPHORE)}`;
    case CLASS.barrier:
      return `barrier${refText(reader, block)} ${field(BARRIER)}`;
    case CLASS.runQueue:
      return `run queue${refText(reader, block)} ${field(RUN_QUEUE)}`;
    case CLASS.mediator:
      return `mediator ${field(MEDIATOR)}`;
    case CLASS.root:
      return `root of ${objectName(reader, block)}`;
    default:
      if (/^[A-Z]{4}$/.test(className(word))) return `kernel heap block of class ${className(word)}`;
      return ownerOf(reader, block) ?? `kernel heap block of ${size} bytes, ${owner}`;
  }
}

/** The pool of a heap page, or undefined. */
function poolOf(reader: Reader, page: number): PoolRecord | undefined {
  if (reader.word(page + HEAP_PAGE.mark) !== pageMark(page)) return undefined;
  const address = reader.word(page + HEAP_PAGE.pool);
  // What looks like a header may be a user's data.
  const pool = poolsOf(reader).find((each) => each.address === address);
  return pool !== undefined && pagesOfPool(reader, pool).includes(page) ? pool : undefined;
}

function threadName(reader: Reader, thread: number): string {
  const process = reader.recordOf(reader.word(thread + THREAD.process));
  const of = process === 0 ? '' : `process ${reader.word(process + PROCESS.number)} `;
  return `${of}thread ${reader.word(thread + THREAD.number)}`;
}

/** What a block without a class belongs to: a process's list of regions, or an FCM's tree of pages. */
function ownerOf(reader: Reader, block: number): string | undefined {
  for (const process of reader.processes()) {
    const number = reader.word(process + PROCESS.number);
    for (const link of reader.links(process)) {
      if (link === block) return `process ${number} link to region ${hex(reader.word(link + LINK.base))}`;
      for (const fcm of fcmsOfLink(reader, link)) {
        if (treeNodes(reader, fcm).includes(block)) return `FCM${refText(reader, fcm)} page tree`;
        if (mappers(reader, fcm).includes(block)) return `FCM${refText(reader, fcm)} list of regions`;
      }
    }
  }
  return undefined;
}

function fcmsOfLink(reader: Reader, link: number): number[] {
  const region = reader.repOf(reader.word(link + LINK.region));
  return region === 0 ? [] : fcmsOf(reader, region);
}

/** The reference of the object that has a representative, as it is written in names; nothing if there is none. */
function refText(reader: Reader, rep: number): string {
  const ref = reader.usedRefs().find((each) => {
    const root = reader.rootOf(each);
    return root !== 0 && repsOfRoot(reader, root).includes(rep);
  });
  return ref === undefined ? '' : ` 0x${ref.toString(16)}`;
}

const KINDS = [
  [CLASS.processRep, 'process'],
  [CLASS.region, 'region'],
  [CLASS.fcmAnonymous, 'FCM'],
  [CLASS.fcmDisk, 'FCM'],
  [CLASS.fcmCopy, 'FCM'],
  [CLASS.grant, 'grant'],
  [CLASS.corDisk, 'COR'],
  [CLASS.corFile, 'COR'],
  [CLASS.hat, 'HAT'],
  [CLASS.counterPartitioned, 'counter'],
  [CLASS.counterReplicated, 'counter'],
  [CLASS.exported, 'LRPC export'],
  [CLASS.binding, 'LRPC binding'],
  [CLASS.aStacks, 'LRPC A-stacks'],
  [CLASS.segment, 'LRPC segment'],
  [CLASS.port, 'port'],
  [CLASS.right, 'right'],
  [CLASS.mutex, 'mutex'],
  [CLASS.rwlock, 'rwlock'],
  [CLASS.condition, 'condition'],
  [CLASS.semaphore, 'semaphore'],
  [CLASS.barrier, 'barrier'],
  [CLASS.runQueue, 'run queue'],
] as const;

function objectName(reader: Reader, root: number): string {
  const ref = reader.word(root + ROOT.ref);
  const classWord = reader.word(reader.word(root + ROOT.primary));
  const kind = KINDS.find(([word]) => word === classWord)?.[1] ?? 'object';
  return `${kind} 0x${ref.toString(16)}`;
}
