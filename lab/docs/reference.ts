/** The reference pages, each rendered from the tables that the code itself works with. */
import { renderAbi } from './reference-abi.ts';
import { renderAddressMap } from './reference-address-map.ts';
import { renderConfiguration } from './reference-configuration.ts';
import { renderCounters } from './reference-counters.ts';
import { renderDetectors } from './reference-detectors.ts';
import { renderInstructions } from './reference-instructions.ts';
import { renderMachines } from './reference-machines.ts';
import { renderProtocols } from './reference-protocols.ts';
import { renderSteps } from './reference-steps.ts';
import { renderTraps } from './reference-traps.ts';

/** The text of each page by its file name in docs/reference. */
export async function renderReference(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['abi.md', await renderAbi()],
    ['configuration.md', renderConfiguration()],
    ['machines.md', await renderMachines()],
    ['protocols.md', renderProtocols()],
    ['instructions.md', renderInstructions()],
    ['traps.md', await renderTraps()],
    ['address-map.md', await renderAddressMap()],
    ['counters.md', renderCounters()],
    ['steps.md', renderSteps()],
    ['detectors.md', renderDetectors()],
  ]);
}
