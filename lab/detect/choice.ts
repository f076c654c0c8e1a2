/** What `--detect` says: which detectors, and the bound of starvation. */
import { UsageError } from '../cli/exit.ts';
import { unknown } from '../cli/nearest.ts';
import { wholeNumber } from '../cli/values.ts';
import { DETECTOR_IDS, type DetectorId } from './detectors.ts';

export interface DetectorChoice {
  readonly detectors: readonly DetectorId[];
  readonly overtakes?: number;
}

const ALL = 'all';

/**
 * Reads `races,deadlock`, `all`, `starvation=100`.
 * @throws UsageError for an unknown name, with the nearest one
 */
export function parseDetectors(text: string): DetectorChoice {
  const detectors = new Set<DetectorId>();
  let overtakes: number | undefined;
  for (const part of text.split(',')) {
    const [name = '', bound] = part.split('=', 2);
    const id = DETECTOR_IDS.find((each) => each === name);
    if (id === undefined && name !== ALL)
      throw new UsageError(`--detect: ${unknown('detector', name, [...DETECTOR_IDS, ALL])}`);
    if (bound !== undefined) {
      if (name !== 'starvation')
        throw new UsageError(`--detect ${part}: only starvation takes a bound, as starvation=100`);
      overtakes = wholeNumber('--detect starvation=', 1)(bound);
    }
    for (const each of id === undefined ? DETECTOR_IDS : [id]) detectors.add(each);
  }
  return { detectors: [...detectors], ...(overtakes === undefined ? {} : { overtakes }) };
}
