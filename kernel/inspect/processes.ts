/** Which processes there are. */
import type { Machine } from '../../hw/machine.ts';
import { PROCESS, PROCESS_STATE } from '../processes/process.ts';
import { LINK } from '../vm/region-list.ts';
import { Reader } from './reader.ts';

export interface ProcessReport {
  readonly process: number;
  readonly parent: number;
  readonly state: keyof typeof PROCESS_STATE | 'dying';
  readonly status: number;
  readonly threads: number;
  readonly regions: readonly { readonly base: number; readonly end: number }[];
}

/** Every process of the machine, by slot. */
export function inspectProcesses(machine: Machine): ProcessReport[] {
  const reader = new Reader(machine);
  if (!reader.loaded) return [];
  return reader.processes().map((process) => {
    const parent = reader.word(process + PROCESS.parent);
    return {
      process: reader.word(process + PROCESS.number),
      parent: parent === 0 ? 0 : reader.word(parent + PROCESS.number),
      state: stateName(reader, process),
      status: reader.word(process + PROCESS.status),
      threads: reader.threads(process).length,
      regions: reader
        .links(process)
        .map((link) => ({ base: reader.word(link + LINK.base), end: reader.word(link + LINK.end) })),
    };
  });
}

function stateName(reader: Reader, process: number): ProcessReport['state'] {
  const state = reader.word(process + PROCESS.state);
  if (state === PROCESS_STATE.live && reader.word(process + PROCESS.dying) !== 0) return 'dying';
  const names = Object.keys(PROCESS_STATE) as (keyof typeof PROCESS_STATE)[];
  return names.find((name) => PROCESS_STATE[name] === state) ?? 'embryo';
}
