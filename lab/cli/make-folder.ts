/** The folder that `--out` names. */
import { mkdirSync } from 'node:fs';
import { UsageError } from './exit.ts';

/** @throws UsageError when it cannot be made */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--out ${folder}: ${(error as Error).message}`);
  }
}
