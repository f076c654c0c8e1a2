/** The faults of a case as text, `diskError 3, badBlock 12, delay timer 2 500`, and back. */
import type { Fault } from '../../hw/faults/fault.ts';
import { INTERRUPT } from '../../hw/isa/csr.ts';
import { UsageError } from '../cli/exit.ts';

/** The faults that a program survives. */
export type SurvivedFault = Exclude<Fault, { kind: 'powerLoss' }>;

const ofFault = (fault: SurvivedFault): string => {
  switch (fault.kind) {
    case 'diskError':
      return `diskError ${fault.request}`;
    case 'badBlock':
      return `badBlock ${fault.block}`;
    case 'delay':
      return `delay ${fault.interrupt} ${fault.nth} ${fault.cycles}`;
  }
};

/** Faults as text. */
export const formatFaults = (faults: readonly SurvivedFault[]): string => faults.map(ofFault).join(', ');

const NUMBER = /^\d{1,10}$/;

/**
 * Reads faults.
 * @throws UsageError for what is none
 */
export const parseFaults = (text: string): SurvivedFault[] =>
  text.split(',').map((part) => {
    const [kind, ...words] = part.trim().split(/\s+/);
    const number = (at: number): number => {
      if (!NUMBER.test(words[at] ?? '')) throw refusal(part);
      return Number(words[at]);
    };
    const interrupt = words[0] as keyof typeof INTERRUPT;
    if (kind === 'diskError' && words.length === 1) return { kind, request: number(0) };
    if (kind === 'badBlock' && words.length === 1) return { kind, block: number(0) };
    if (kind === 'delay' && words.length === 3 && Object.hasOwn(INTERRUPT, interrupt))
      return { kind, interrupt, nth: number(1), cycles: number(2) };
    throw refusal(part);
  });

const refusal = (part: string): UsageError =>
  new UsageError(
    `case: '${part.trim()}' is no fault; one looks like diskError 3, badBlock 12, or delay timer 2 500`,
  );
