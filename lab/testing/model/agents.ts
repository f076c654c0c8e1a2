/**
 * The real side of a model: a machine under the kernel, on each of its harts one thread of the first process that waits
 * for somebody to tell it what to do. A request is written from the host into the thread's mailbox, a line of user
 * memory; the thread carries it out, leaves the result there, and waits again. So a test can go on with one machine
 * call by call, and look at it in between, when nobody can go on: the kernel is at rest then.
 */
import type { MachineConfig } from '../../../hw/config.ts';
import type { Fault } from '../../../hw/faults/fault.ts';
import { addressOf, type Code, environmentCall, load, spinUntilNot, store } from '../../../hw/isa/index.ts';
import type { Machine } from '../../../hw/machine.ts';
import { LIMIT, MAP, SYSCALL, type SyscallName } from '../../../kernel/abi/index.ts';
import { checkInvariants, type KernelOptions, physicalAddress } from '../../../kernel/index.ts';
import { startKernel } from '../run-kernel.ts';

/** What an agent can be told: a system call by its number, or an access to its memory. */
export interface Request {
  readonly call: SyscallName | 'load' | 'store' | number;
  readonly words: readonly number[];
}

/** Where the mailboxes lie in user memory: the first page that the kernel gives. */
export const MAILBOXES = LIMIT.USER_BASE;
const MAILBOX = 256;
const MAX_WORDS = 6;
const WORDS = 4;
const RESULT = 32;
/** A word of each mailbox for results that are stored, and bytes for text that is to be printed. */
const OUT = 36;
const TEXT = 128;
/** And a word for messages that come. */
const MESSAGE = 192;
/** Bytes of a first-level cache in which the mailboxes of a core's harts have their own places. */
const LEAST_CACHE = 4 * MAILBOX;
/** At most. */
const HARTS_OF_A_CORE = 4;
const LOAD = -1;
const STORE = -2;
/** More than any request takes. */
const PATIENCE = 3_000_000;

export interface AgentChoice {
  /** Coherent; its spins are elided, and its first-level cache has 1 KiB at least, whatever it says. */
  readonly config: MachineConfig;
  /** Scheduled round robin, whatever they say. */
  readonly kernelOptions?: KernelOptions;
  readonly faults?: readonly Fault[];
  /** What the disk holds. */
  readonly disk?: Uint8Array;
}

export class Agents {
  readonly machine: Machine;
  /** How many there are: one on each hart, by its number. */
  readonly count: number;
  private readonly base: number;

  /** @throws Error when the agents do not come so far as to wait */
  constructor(choice: AgentChoice) {
    // Where the words that agents wait on leave the cache, or each poll is executed, the machine never comes to rest.
    const { l1 } = choice.config;
    // With domain caching idle harts poll words of their own, which may fall into one set with those of their core's others.
    const ways = choice.kernelOptions?.domainCaching === 'on' ? Math.max(l1.ways, HARTS_OF_A_CORE) : l1.ways;
    const roomy = { ...l1, ways, size: Math.max(l1.size, LEAST_CACHE) };
    const config = { ...choice.config, elideSpins: true, l1: roomy };
    // Under the other policies a slice is armed for a thread that is alone, too: timers go off for ever.
    const kernelOptions = { ...choice.kernelOptions, scheduler: 'round-robin' };
    this.machine = startKernel(firstAgent, { ...choice, config, kernelOptions });
    this.count = this.machine.harts;
    this.settle();
    const base = physicalAddress(this.machine, 1, MAILBOXES);
    if (base === undefined) throw new Error(`the agents did not start: ${this.machine.console.text()}`);
    this.base = base;
  }

  /** Gives a request to an agent that waits. */
  ask(agent: number, { call, words }: Request): void {
    const { machine } = this;
    const mailbox = this.base + agent * MAILBOX;
    words.forEach((word, index) => machine.poke(mailbox + WORDS + 4 * index, word));
    machine.poke(mailbox, numberOf(call));
  }

  /**
   * Runs until nobody can go on.
   * @throws Error when the machine stops otherwise, or goes on and on
   */
  settle(): void {
    const stop = this.machine.run({ instructions: PATIENCE });
    if (stop.kind === 'budget') throw new Error('the kernel does not come to rest');
    if (stop.kind !== 'deadlock') throw new Error(`the machine stopped: ${JSON.stringify(stop)}`);
  }

  /** What an agent's request gave; undefined while it blocks. */
  answer(agent: number): number | undefined {
    const mailbox = this.base + agent * MAILBOX;
    return this.machine.peek(mailbox) === 0 ? this.machine.peek(mailbox + RESULT) : undefined;
  }

  /** The word that an agent's call may store its second result in: its user address, and what is there. */
  outAddress(agent: number): number {
    return MAILBOXES + agent * MAILBOX + OUT;
  }

  out(agent: number): number {
    return this.machine.peek(this.base + agent * MAILBOX + OUT);
  }

  /** Writes a text of so many bytes where an agent can print it from; gives its user address. */
  text(agent: number, bytes: Uint8Array): number {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    const words = new Int32Array(padded.buffer);
    words.forEach((word, index) => this.machine.poke(this.base + agent * MAILBOX + TEXT + 4 * index, word));
    return MAILBOXES + agent * MAILBOX + TEXT;
  }

  /** The word that an agent gets messages in: its user address, and what is there. */
  messageAddress(agent: number): number {
    return MAILBOXES + agent * MAILBOX + MESSAGE;
  }

  message(agent: number): number {
    return this.machine.peek(this.base + agent * MAILBOX + MESSAGE);
  }

  /** The code address of a procedure, for calls that start one. */
  code(procedure: (argument: number, block: number) => Code<number | void>): number {
    return this.machine.code.addressOf(procedure);
  }

  /** The kernel's invariants that do not hold. */
  broken(): string[] {
    return checkInvariants(this.machine)
      .filter(({ ok }) => !ok)
      .map(({ id, detail }) => `${id}: ${detail}`);
  }

  /** Lets an agent end the process. Gives what is wrong about that, if anything is. */
  finish(agent: number): string | undefined {
    this.ask(agent, { call: 'exit', words: [0] });
    const stop = this.machine.run({ instructions: PATIENCE });
    if (stop.kind !== 'halted' || stop.status !== 0) return `the machine stopped: ${JSON.stringify(stop)}`;
    const heap = checkInvariants(this.machine).find(({ id }) => id === 'heap');
    return this.broken()[0] ?? (heap?.detail === '0 blocks in use' ? undefined : heap?.detail);
  }
}

const numberOf = (call: Request['call']): number => {
  if (typeof call === 'number') return call;
  if (call === 'load') return LOAD;
  return call === 'store' ? STORE : SYSCALL[call];
};

/** The mailboxes are shared memory, which stays where it is when an agent forks. */
function* firstAgent(_argument: number, block: number): Code {
  yield environmentCall(
    SYSCALL.mmap,
    MAILBOXES,
    LIMIT.PAGE,
    MAP.READ | MAP.WRITE | MAP.FIXED | MAP.SHARED,
    0,
  );
  const harts = yield environmentCall(SYSCALL.hartCount);
  const entry = yield addressOf(agent);
  for (let hart = 1; hart < harts; hart += 1) yield environmentCall(SYSCALL.threadSpawn, entry, hart, hart);
  yield* agent(0, block);
}

// DOC: agent
function* agent(number: number, _block: number): Code<never> {
  const mailbox = MAILBOXES + number * MAILBOX;
  for (;;) {
    yield spinUntilNot(mailbox, 0);
    const call = yield load(mailbox);
    const words: number[] = [];
    for (let index = 0; index < MAX_WORDS; index += 1) words.push(yield load(mailbox + WORDS + 4 * index));
    const [first = 0, second = 0] = words;
    let result = 0;
    if (call === LOAD) result = yield load(first);
    else if (call === STORE) yield store(first, second);
    else result = yield environmentCall(call, ...words);
    yield store(mailbox + RESULT, result);
    yield store(mailbox, 0);
  }
}
