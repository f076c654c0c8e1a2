/**
 * Class words: the first word of every representative, root and other structure that a checker, or a
 * polymorphic call, must recognise. Four letters each, so that a memory dump can be read.
 */
const four = (text: string): number =>
  (text.charCodeAt(0) << 24) | (text.charCodeAt(1) << 16) | (text.charCodeAt(2) << 8) | text.charCodeAt(3);

export const CLASS = Object.freeze({
  process: four('PROC'),
  thread: four('THRD'),
  region: four('REGN'),
  fcmAnonymous: four('FCMA'),
  fcmDisk: four('FCMD'),
  fcmCopy: four('FCMC'),
  grant: four('GRNT'),
  corDisk: four('CORD'),
  corFile: four('CORF'),
  dsm: four('DSMN'),
  hat: four('HATP'),
  root: four('ROOT'),
  fixedRoot: four('FIXD'),
  mediator: four('MEDI'),
  counterPartitioned: four('CNTP'),
  counterReplicated: four('CNTR'),
  processRep: four('PREP'),
  page: four('PAGE'),
  mutex: four('MUTX'),
  rwlock: four('RWLK'),
  condition: four('COND'),
  semaphore: four('SEMA'),
  barrier: four('BARR'),
  port: four('PORT'),
  right: four('RGHT'),
  mail: four('MAIL'),
  exported: four('EXPT'),
  binding: four('BIND'),
  aStacks: four('ASTK'),
  segment: four('SEGM'),
  runQueue: four('RUNQ'),
});

/** The class word as text, for messages. */
export const className = (word: number): string =>
  String.fromCharCode((word >>> 24) & 0xff, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
