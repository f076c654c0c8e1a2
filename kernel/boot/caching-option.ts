/** Whether idle harts are kept for calls (threads/idle.ts), and on which machines they can be. Host side, as the loader. */
import { isCluster, type MachineConfig } from '../../hw/config.ts';
import { POLICIES } from '../scheduling/policies.ts';
import { SWITCH, type SchedulingOptions, type Switch } from './scheduling-options.ts';

/** The option; `--set kernel.domainCaching=…` sets it. */
export interface CachingOptions {
  /**
   * Whether an idle hart is kept for calls by LRPC into the domain that ran last on it, which change places with it (`on`), or
   * sleeps (`off`, the default). `on` needs caches that hardware keeps coherent, and the scheduler `round-robin`.
   */
  readonly domainCaching?: Switch;
}

/**
 * 1 if idle harts are kept.
 * @throws RangeError when they cannot be
 */
export function cachingFact(config: MachineConfig, options: CachingOptions & SchedulingOptions): number {
  const { domainCaching = 'off', scheduler = POLICIES[0]?.name } = options;
  check(SWITCH.includes(domainCaching), 'domainCaching is on or off');
  if (domainCaching === 'off') return 0;
  // Idle harts read a word again and again; and what a thread had cached must be found on the hart that it goes to.
  const coherent = config.coherence !== 'none' && !isCluster(config);
  check(coherent, 'domainCaching=on needs caches that hardware keeps coherent');
  const roams = POLICIES.find(({ name }) => name === scheduler)?.roams === true;
  check(!roams, `domainCaching=on needs the scheduler ${POLICIES[0]?.name}: others have work for idle harts`);
  return 1;
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
