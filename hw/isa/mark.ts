/**
 * What a program can say about itself with `mark`, one row each. The machine does nothing with it: a detector
 * learns from it what a lock is, a search of schedules where to begin. (Valgrind calls such notes client requests.)
 */
export interface MarkRow {
  readonly name: string;
  /** What the operands after the kind mean. */
  readonly operands: readonly string[];
  readonly summary: string;
}

export const MARKS = [
  { name: 'lockWanted', operands: ['lock'], summary: 'The thread begins to acquire the lock at an address.' },
  {
    name: 'lockAcquired',
    operands: ['lock', 'shared'],
    summary: 'The thread holds the lock from now on; `shared` 1: with others that hold it so.',
  },
  { name: 'lockReleased', operands: ['lock'], summary: 'The thread is about to give the lock up.' },
  {
    name: 'allocated',
    operands: ['address', 'bytes'],
    summary: 'The block belongs to whoever asked for it.',
  },
  { name: 'freed', operands: ['address'], summary: 'The block that begins there must not be used any more.' },
  {
    name: 'searchFrom',
    operands: [],
    summary: 'A search of schedules begins here; until then time decides.',
  },
  {
    name: 'place',
    operands: ['name0', 'name1'],
    summary: 'A place that schedules can name (place-name.ts).',
  },
  {
    name: 'atomic',
    operands: ['address', 'bytes'],
    summary: 'Threads use these words to agree with each other: plain accesses to them are no data races.',
  },
  {
    name: 'allocatorEntered',
    operands: [],
    summary:
      'Until allocatorLeft the thread’s accesses are the allocator’s own, which may touch free blocks.',
  },
  { name: 'allocatorLeft', operands: [], summary: 'The thread’s accesses are its own again.' },
  {
    name: 'copied',
    operands: ['phase', 'bytes'],
    summary: 'Bytes of a call between protection domains have been copied; the phase is a number of COPY.',
  },
  {
    name: 'callBegun',
    operands: ['procedure'],
    summary: 'A client’s stub begins a call of this number to another protection domain.',
  },
  { name: 'callEnded', operands: ['procedure'], summary: 'The stub has the results, or an error.' },
  {
    name: 'jobReady',
    operands: ['cycles'],
    summary:
      'In so many cycles (negative: before) a job of the thread is there to be done; it may have to wait for a hart.',
  },
  { name: 'jobBegun', operands: [], summary: 'The thread begins its job.' },
  { name: 'jobEnded', operands: [], summary: 'The thread has done its job.' },
  {
    name: 'periodBegun',
    operands: [],
    summary: 'What is to be measured begins: whatever was to warm up is warm.',
  },
  { name: 'periodEnded', operands: [], summary: 'What is to be measured has ended.' },
] as const satisfies readonly MarkRow[];

type MarkName = (typeof MARKS)[number]['name'];

/** Numbers of the marks by name, from 1 on. */
export const MARK = Object.freeze(
  Object.fromEntries(MARKS.map(({ name }, index) => [name, index + 1])),
) as Readonly<Record<MarkName, number>>;

/** The name of a mark, for messages. */
export const markName = (kind: number): string => MARKS[kind - 1]?.name ?? `mark ${kind}`;
