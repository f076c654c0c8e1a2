/** What `eddy list` lists: made from the tables of the parts themselves. */
import { PRESETS } from '../../hw/presets.ts';
import { POLICIES } from '../../kernel/index.ts';
import { EXPERIMENTS } from '../experiments/catalogue.ts';
import { LITMUS_TESTS } from '../litmus/catalogue.ts';
import { PROGRAMS } from '../../userland/programs/index.ts';
import { BARRIERS, BLOCKING_BARRIERS, LOCKS, MESSAGE_BARRIERS } from '../../userland/sync/index.ts';

export interface Entry {
  readonly id: string;
  readonly summary: string;
}

const KINDS: Readonly<Record<string, () => readonly Entry[]>> = {
  machines: () => PRESETS.map(({ name, summary }) => ({ id: name, summary })),
  programs: () => PROGRAMS.map(({ name, summary }) => ({ id: name, summary })),
  experiments: () => EXPERIMENTS.map(({ id, summary }) => ({ id, summary })),
  locks: () => LOCKS.map(({ id, summary }) => ({ id, summary })),
  barriers: () =>
    [...BARRIERS, ...MESSAGE_BARRIERS, ...BLOCKING_BARRIERS].map(({ id, summary }) => ({ id, summary })),
  litmus: () => LITMUS_TESTS.map(({ name, summary }) => ({ id: name, summary })),
  schedulers: () => POLICIES.map(({ name, summary }) => ({ id: name, summary })),
};

/** The entries of a kind; none for kinds of which there is nothing yet. */
export const catalogue = (kind: string): readonly Entry[] => KINDS[kind]?.() ?? [];
