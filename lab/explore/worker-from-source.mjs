/** The thread of a job where `eddy` runs from its sources: they are TypeScript, and need tsx. Built files do without. */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
