/**
 * What a detector is, and what it is told. Detection (detection.ts) makes these calls from the events of the
 * machine; a detector implements those that it needs.
 */
import type { Machine } from '../../hw/machine.ts';
import type { Access } from './access.ts';
import type { Actor } from './actor.ts';
import type { Finding } from './finding.ts';
import type { Block, HeapBlocks } from './heap/heap-blocks.ts';
import type { HeldLocks } from './locks/held-locks.ts';

/** A lock, by where it lies. */
export interface Lock {
  readonly space: number;
  readonly address: number;
}

/** What somebody does with a lock, as the lock's marks say. */
export interface LockStep {
  readonly what: 'wanted' | 'acquired' | 'released';
  readonly lock: Lock;
  readonly who: Actor;
  readonly cycle: number;
}

/** A system call of a thread: its number and first arguments. */
export interface SystemCall {
  readonly who: Actor;
  readonly cycle: number;
  readonly number: number;
  /** a0 to a2. */
  readonly arguments: readonly [number, number, number];
}

/** How the run ended. */
export interface RunEnd {
  /** Nobody could go on. */
  readonly deadlock: boolean;
  readonly cycle: number;
}

export interface Detector {
  /** Whether it looks at what a kernel does to memory. */
  readonly wantsKernel?: boolean;
  /** Whether it knows of actors that can never go on. */
  readonly isStuck?: boolean;
  /** Memory is about to be read or written by an instruction, or by the kernel for a thread. */
  access?(access: Access): void;
  /** A word agrees threads, as they say themselves. */
  atomic?(space: number, address: number, bytes: number): void;
  lock?(step: LockStep): void;
  /** A thread of a program begins. */
  started?(who: Actor): void;
  called?(call: SystemCall): void;
  returned?(call: SystemCall, result: number): void;
  /** A thread that could go on has been taken off its hart. */
  preempted?(who: Actor, cycle: number): void;
  /** A thread goes on in its program. */
  resumed?(who: Actor, cycle: number): void;
  /** Something outside memory orders two actors: all before `sent` comes before all after `received`. */
  sent?(who: Actor, channel: string): void;
  received?(who: Actor, channel: string): void;
  /** A block of a heap is freed that is free. */
  freedAgain?(block: Block, who: Actor, cycle: number): void;
  /** The memory from an address on is new: what lay there is gone. */
  renewed?(space: number, from: number, to: number): void;
  /** A process and its memory are gone. */
  vanished?(space: number): void;
  /** An actor will not act any more. */
  ended?(who: Actor): void;
  /** The run is over. */
  finish?(end: RunEnd): void;
}

/** What detectors are made with. */
export interface Watch {
  readonly machine: Machine;
  readonly heap: HeapBlocks;
  readonly locks: HeldLocks;
  /** How often others may come first, before that is starvation. */
  readonly overtakes: number;
  /** What lies at an address, in words, if that is known. */
  place(space: number, address: number): string | undefined;
  report(finding: Omit<Finding, 'detector'>): void;
}
