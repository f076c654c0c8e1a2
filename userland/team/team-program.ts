/**
 * Parallel programs: one thread on every hart, with the kind of lock and of barrier that the program is started with
 * (`--lock`, `--barrier`). The members prepare the data, meet, do the work, and meet again; in between is what is
 * timed. Then one of them alone says whether the answer is right, from a computation of its own.
 *
 * Computing costs nothing unless it is said: programs charge `work` for what a processor would do between two
 * accesses.
 */
import { type Code, csrRead, load, store } from '../../hw/isa/index.ts';
import { MAP } from '../../kernel/abi/index.ts';
import { type Parameters, program, type Program, type Words } from '../program.ts';
import type { BareEnv } from '../runtime/bare-env.ts';
import { Env } from '../runtime/env.ts';
import type { Output } from '../runtime/output.ts';
import { orThrow } from '../runtime/system-call-error.ts';
import { clock, mmap } from '../runtime/system-calls.ts';
import { joinThread, spawnThread } from '../runtime/thread.ts';
import { barrierKinds, lockKinds } from '../sync/choice.ts';
import { senseReversingBarrier } from '../sync/barriers/sense-reversing.ts';
import { mcsLock } from '../sync/locks/mcs.ts';
import { Member } from './member.ts';
import { TeamBlock, type TeamPlan } from './team-block.ts';
import { TeamMemory } from './team-memory.ts';

/** What a program's procedures are told: how many members there are, the words, and where its memory lies. */
export interface Setting<P extends Parameters> {
  readonly threads: number;
  readonly words: Words<P>;
  readonly memory: TeamMemory;
}

export interface TeamDefinition<P extends Parameters> {
  readonly name: string;
  /** One line for `eddy list programs`. */
  readonly summary: string;
  /** Beside the kinds of lock and barrier. */
  readonly parameters: P;
  /** Ids of the checks that `judge` reports. */
  readonly checks: readonly string[];
  /** Whether it makes system calls, and so cannot run without a kernel. */
  readonly needsKernel?: boolean;
  /** How many locks it takes; one if left out. */
  readonly locks?: (words: Words<P>) => number;
  /** Bytes of its common memory, and of each member's part. */
  readonly size: (words: Words<P>, threads: number) => { readonly common?: number; readonly own?: number };
  /** What one thread does before all others begin. */
  readonly setUp?: (setting: Setting<P>) => Code;
  /** What each member does before the clock is read: each fills its part of the data, which then lies near it. */
  readonly prepare?: (member: Member, words: Words<P>) => Code;
  /** What is timed. */
  readonly work: (member: Member, words: Words<P>) => Code;
  /** What came out, for the line that is printed. */
  readonly result: (setting: Setting<P>) => Code<string>;
  /** Reports the checks, by a sequential computation; gives whether all are good. */
  readonly judge: (output: Output, setting: Setting<P>) => Code<boolean>;
}

const KINDS = {
  lock: lockKinds.parameter(mcsLock, 'Kind of lock'),
  barrier: barrierKinds.parameter(senseReversingBarrier, 'Kind of barrier'),
} as const;

/** Declares a parallel program. */
export const teamProgram = <const P extends Parameters>(definition: TeamDefinition<P>): Program => {
  const parameters: Parameters = { ...KINDS, ...definition.parameters };
  const names = Object.keys(parameters);
  const planOf = (words: Words<Parameters>, threads: number): TeamPlan => ({
    threads,
    lock: lockKinds.chosen(words['lock'] as number),
    locks: definition.locks?.(words as Words<P>) ?? 1,
    barrier: barrierKinds.chosen(words['barrier'] as number),
    common: 0,
    own: 0,
    ...definition.size(words as Words<P>, threads),
  });

  // DOC: team-member
  function* takePart(block: TeamBlock, member: Member, words: Words<P>, now: () => Code<number>): Code {
    yield* member.settle();
    if (definition.prepare !== undefined) yield* definition.prepare(member, words);
    yield* member.meet();
    if (member.index === 0) yield store(block.started, yield* now());
    yield* definition.work(member, words);
    yield* member.meet();
    if (member.index === 0) yield store(block.ended, yield* now());
  }

  function* tell(output: Output, block: TeamBlock, threads: number, words: Words<P>): Code<number> {
    const setting = { threads, words, memory: new TeamMemory(block) };
    const cycles = ((yield load(block.ended)) - (yield load(block.started))) >>> 0;
    const { lock, barrier } = planOf(words, threads);
    const what = yield* definition.result(setting);
    yield* output.print(
      `${definition.name}: ${what}; ${threads} threads, ${lock.id}, ${barrier.id}: ${cycles} cycles\n`,
    );
    return (yield* definition.judge(output, setting)) ? 0 : 1;
  }

  /** What each thread runs under the kernel. */
  function* memberMain(address: number, threadBlock: number): Code {
    const values = yield* TeamBlock.words(address, names.length);
    const words = Object.fromEntries(names.map((name, index) => [name, values[index] as number]));
    const threads = yield* new Env(threadBlock).harts();
    const block = new TeamBlock(address, planOf(words, threads));
    const member = new Member(block, yield* TeamBlock.takeIndex(address), threads);
    yield* takePart(block, member, words as Words<P>, clock);
  }

  return program({
    name: definition.name,
    summary: definition.summary,
    needs: ['shared-memory'],
    parameters,
    checks: definition.checks,

    *main(env, words) {
      const threads = yield* env.harts();
      const plan = planOf(words, threads);
      const address = orThrow('mmap', yield* mmap(0, TeamBlock.size(plan), MAP.READ | MAP.WRITE, 0));
      const block = new TeamBlock(address, plan);
      yield* block.setWords(names.map((name) => words[name] as number));
      yield* setUp(definition, block, threads, words as Words<P>);
      const numbers: number[] = [];
      for (let hart = 0; hart < threads; hart++) numbers.push(yield* spawnThread(memberMain, address, hart));
      for (const number of numbers) yield* joinThread(env, number);
      return yield* tell(env, block, threads, words as Words<P>);
    },

    ...(definition.needsKernel ? {} : { bare }),
  });

  function* bare(env: BareEnv, words: Words<Parameters>): Code<number> {
    const threads = yield* env.harts();
    const block = new TeamBlock(yield* env.memory(), planOf(words, threads));
    const member = new Member(block, env.hart(), threads);
    // The others wait at the gate until this is done.
    if (member.index === 0) yield* setUp(definition, block, threads, words as Words<P>);
    yield* takePart(block, member, words as Words<P>, time);
    return member.index === 0 ? yield* tell(env, block, threads, words as Words<P>) : 0;
  }
};

function* setUp<P extends Parameters>(
  { setUp: body }: TeamDefinition<P>,
  block: TeamBlock,
  threads: number,
  words: Words<P>,
): Code {
  if (body !== undefined) yield* body({ threads, words, memory: new TeamMemory(block) });
}

/** The clock without a kernel. */
function* time(): Code<number> {
  return yield csrRead('time');
}
