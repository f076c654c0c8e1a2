/** Makes detectors by their names. */
import type { Detector, Watch } from './detector.ts';
import type { DetectorId } from './detectors.ts';
import { UninitialisedDetector } from './heap/uninitialised.ts';
import { UseAfterFreeDetector } from './heap/use-after-free.ts';
import { DeadlockDetector } from './locks/deadlock.ts';
import { LockOrderDetector } from './locks/lock-order.ts';
import { RaceDetector } from './races/race-detector.ts';
import { LostWakeupDetector } from './waiting/lost-wakeups.ts';
import { StarvationDetector } from './waiting/starvation.ts';

const MAKERS: Readonly<Record<DetectorId, (watch: Watch, ofKernel: boolean) => Detector>> = {
  races: (watch, ofKernel) => new RaceDetector(watch, ofKernel),
  deadlock: (watch) => new DeadlockDetector(watch),
  'lock-order': (watch, ofKernel) => new LockOrderDetector(watch, ofKernel),
  'lost-wakeups': (watch, ofKernel) => new LostWakeupDetector(watch, ofKernel),
  'use-after-free': (watch) => new UseAfterFreeDetector(watch),
  uninitialised: (watch) => new UninitialisedDetector(watch),
  starvation: (watch) => new StarvationDetector(watch),
};

/** @param ofKernel whether a kernel runs, so that physical memory is its own */
export const makeDetector = (id: DetectorId, watch: Watch, ofKernel: boolean): Detector =>
  MAKERS[id](watch, ofKernel);
