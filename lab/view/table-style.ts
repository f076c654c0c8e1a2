/** How tables look: no rules between rows, since figures are read down their columns. */
import type { Host } from '../cli/host.ts';

/** Options for cli-table3. */
export const tableStyle = (host: Host) => ({
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: host.colour ? { head: ['cyan'], border: ['gray'] } : { head: [], border: [] },
});
