/**
 * The invariants that are known, one row each. Whatever comes to the system with an invariant of its own adds it here,
 * and every test that asks for all of them holds it to that.
 */
import { coherence } from './coherence.ts';
import type { Invariant } from './invariant.ts';
import { kernelInvariants } from './kernel.ts';
import { mutualExclusion } from './mutual-exclusion.ts';

export const INVARIANTS: readonly Invariant[] = [coherence, mutualExclusion, ...kernelInvariants];
