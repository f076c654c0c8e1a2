/**
 * Options of the kernel, each as its row in lab/settings/kernel-options.ts allows. Shrinks to none: all as usual.
 *
 * Scarcity (few page frames, few references) is drawn only when it is asked for: then any call may give ENOMEM, and a
 * program must say what it does about that.
 */
import fc from 'fast-check';
import type { KernelOptions } from '../../../kernel/index.ts';
import { KERNEL_OPTIONS } from '../../settings/kernel-options.ts';
import { allowedValues, type Range, seldom } from './allowed.ts';

type OptionName = keyof KernelOptions;

/** Which options to draw. */
export interface KernelOptionChoice {
  /** Whether memory may be short. Default false. */
  readonly scarce?: boolean;
  /** Ranges of single options. */
  readonly ranges?: Partial<Readonly<Record<OptionName, Range>>>;
}

/** With a slice that is shorter than the way back to user mode, no thread would get on. */
const PRACTICAL: Partial<Readonly<Record<OptionName, Range>>> = {
  slice: { least: 20_000, most: 200_000 },
  refsPerHart: { most: 512 },
  framesPerNode: { most: 128 },
  swap: { most: 1 },
};
const SCARCE: ReadonlySet<string> = new Set<OptionName>(['refsPerHart', 'framesPerNode', 'swap']);

/** Domain caching goes with the default policy only. */
const compatible = ({ domainCaching, ...others }: KernelOptions): KernelOptions =>
  domainCaching === undefined || (domainCaching === 'on' && others.scheduler !== undefined)
    ? others
    : { ...others, domainCaching };

/** Options that `bootKernel` accepts on a machine with room for them. */
export function kernelOptionSets(choice: KernelOptionChoice = {}): fc.Arbitrary<KernelOptions> {
  const names = Object.keys(KERNEL_OPTIONS) as OptionName[];
  const drawn = names.filter((name) => choice.scarce === true || !SCARCE.has(name));
  const range = (name: OptionName): Range => choice.ranges?.[name] ?? PRACTICAL[name] ?? {};
  return fc
    .record(
      Object.fromEntries(
        drawn.map((name) => [name, seldom(allowedValues(KERNEL_OPTIONS[name], range(name)))]),
      ),
    )
    .map((options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)))
    .map(compatible);
}
