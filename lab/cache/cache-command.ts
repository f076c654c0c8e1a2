/** Carries out `eddy cache`: one cache over an address trace. */
import type { Host } from '../cli/host.ts';
import { progressFor } from '../view/progress-bar.ts';
import { type CacheDesign, checkDesign } from './design.ts';
import { readTrace } from './read-trace.ts';
import { CacheSimulation } from './simulation.ts';

/** @param options `trace`: the file; `json`: print the document instead of a table */
export async function cache(
  design: CacheDesign,
  options: { readonly trace: string; readonly json?: boolean },
  host: Host,
): Promise<void> {
  checkDesign(design);
  const simulation = new CacheSimulation(design);
  let bar: ReturnType<typeof progressFor> | undefined;
  try {
    readTrace(
      options.trace,
      (kind, address, size) => simulation.access(kind, address, size),
      (done, total) => {
        bar ??= progressFor(host, 'reading', total || Number.POSITIVE_INFINITY, 'bytes');
        bar.update(done);
      },
    );
  } finally {
    bar?.done();
  }
  const result = simulation.result();
  if (options.json) {
    host.out(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const { drawCache } = await import('./draw-cache.ts');
  host.out(drawCache(design, result, host));
}
