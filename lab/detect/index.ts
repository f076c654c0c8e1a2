/** Detectors of concurrency and memory errors, for any run: `eddy run --detect`, and tests. */
export { Detection } from './detection.ts';
export { DETECTOR_IDS, type DetectorId } from './detectors.ts';
export type { Finding } from './finding.ts';
