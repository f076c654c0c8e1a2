/** The machines on which locks and barriers are compared: presets, two of them also with a protocol that updates. */
import type { MachineConfig } from '../../../hw/config.ts';

interface Variant {
  readonly preset: string;
  readonly set: Partial<MachineConfig>;
}

const preset = (name: string): Variant => ({ preset: name, set: {} });
const updating = (name: string): Variant => ({ preset: name, set: { coherence: 'update' } });

export const VARIANTS: Readonly<Record<string, Variant>> = {
  symmetry: preset('symmetry'),
  butterfly: preset('butterfly'),
  smp: preset('smp'),
  'smp-update': updating('smp'),
  'cc-numa': preset('cc-numa'),
  'cc-numa-update': updating('cc-numa'),
  'dance-hall': preset('dance-hall'),
  'ncc-numa': preset('ncc-numa'),
  cluster: preset('cluster'),
};

/** Names of those with shared memory, for a factor. */
export const MACHINES: readonly string[] = Object.keys(VARIANTS).filter((name) => name !== 'cluster');
