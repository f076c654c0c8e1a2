/** Counter objects by reference: made, used, replaced and destroyed, whatever stands behind the reference just now. */
import { type Code, load } from '../../hw/isa/index.ts';
import { ERROR } from '../abi/errors.ts';
import { CLASS } from '../classes.ts';
import { HART } from '../hart-local.ts';
import { beginCall, endCall } from '../objects/calls.ts';
import { clusterSize, DEGREE } from '../objects/degree.ts';
import { startSwap } from '../objects/hot-swap.ts';
import { type Made, prepareObject, publishObject } from '../objects/object.ts';
import type { ObjRef } from '../objects/translation-table.ts';
import { observe } from './adapt.ts';
import { type Counter, counterAt } from './counter.ts';
import { COUNTER, FIXED_OF_COPY, FIXED_OF_PART } from './layout.ts';

/** Class words by the number that user programs give for a policy. */
const CLASSES: readonly number[] = Object.freeze([CLASS.counterPartitioned, CLASS.counterReplicated]);

/** The class word of a policy by its number, or undefined. */
export const counterClass = (policy: number): number | undefined => CLASSES[policy];

const fixedOf = (classWord: number): number =>
  classWord === CLASS.counterReplicated ? FIXED_OF_COPY : FIXED_OF_PART;

/** Whose counter it is, and what it is known by there. */
export interface CounterName {
  readonly handle: number;
  readonly owner: number;
}

/** Makes a counter that is 0 and that nobody can find yet; gives a reference of 0 if there is no memory. */
export function* prepareCounter(local: number, classWord: number, degree: number): Code<Made> {
  return yield* prepareObject(local, { classWord, bytes: COUNTER.SIZE, fixed: fixedOf(classWord), degree });
}

/** Makes a counter that is 0 and has no name; gives its reference, or 0 if there is no memory. */
export function* createCounter(local: number, classWord: number, degree: number): Code<ObjRef> {
  const made = yield* prepareCounter(local, classWord, degree);
  if (made.ref !== 0) yield* publishObject(local, made);
  return made.ref;
}

/** What a use of a counter came to. */
export interface Used {
  /** 0, or EBADF: there is no such counter (any more). */
  readonly error: number;
  readonly value: number;
}

const isCounter = (classWord: number): boolean => CLASSES.includes(classWord);

const GONE: Used = Object.freeze({ error: ERROR.EBADF, value: 0 });

// DOC: use-counter
/** Adds to a counter (`amount` 0: reads it). `name`: what it must be known by, for references from user level. */
export function* useCounter(local: number, ref: ObjRef, amount: number, name?: CounterName): Code<Used> {
  const call = yield* beginCall(ref, isCounter);
  if (call.rep === 0) return GONE;
  const used = yield* useRep(local, ref, counterAt(call.word, call.rep), amount, name);
  yield* endCall(call);
  return used;
}

function* useRep(
  local: number,
  ref: ObjRef,
  counter: Counter | undefined,
  amount: number,
  name: CounterName | undefined,
): Code<Used> {
  if (counter === undefined || !(yield* isNamed(counter.address, name))) return GONE;
  const value = amount === 0 ? yield* counter.read(local) : 0;
  if (amount !== 0) yield* counter.add(local, amount);
  if ((yield load(local + HART.adapt)) !== 0) yield* adapt(local, ref, counter.address, amount);
  return { error: 0, value };
}

function* isNamed(rep: number, name: CounterName | undefined): Code<boolean> {
  if (name === undefined) return true;
  return (
    (yield load(rep + COUNTER.handle)) === name.handle && (yield load(rep + COUNTER.owner)) === name.owner
  );
}

function* adapt(local: number, ref: ObjRef, rep: number, amount: number): Code {
  const classWord = yield* observe(local, rep, amount === 0 ? 'read' : 'add');
  if (classWord !== 0) yield* swapCounter(local, ref, classWord, DEGREE.hart);
}

/** Begins to replace a counter's implementation; gives 0, EBADF, EBUSY or ENOMEM. */
export function* swapCounter(local: number, ref: ObjRef, classWord: number, degree: number): Code<number> {
  const size = yield* clusterSize(local, degree);
  return yield* startSwap(local, ref, { classWord, fixed: fixedOf(classWord), size });
}
