/** Detectors of concurrency and memory errors, for any run: `eddy run --detect`, and tests. */
export { parseDetectors, type DetectorChoice } from './choice.ts';
export { Detection, type DetectionOptions } from './detection.ts';
export { DEFAULT_OVERTAKES, DETECTOR_IDS, type DetectorId, DETECTORS } from './detectors.ts';
export type { Finding, Involved } from './finding.ts';
