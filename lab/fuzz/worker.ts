/** A thread of the fuzzer: runs the batches whose numbers it gets. */
import { servePieces } from '../pool/serve.ts';
import { type FuzzTask, runBatch } from './batch.ts';

servePieces((task: FuzzTask) => (batch) => runBatch(task, batch));
