/**
 * Writes trace events to a file, one JSON line each. Nothing of the host goes in, so that two runs with one
 * seed write the same bytes. The first line says what was run.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { TraceEvent, TraceSink } from '../../hw/trace/event.ts';
import { UsageError } from '../cli/exit.ts';

const CHUNK = 1 << 16;

export class TraceFile implements TraceSink {
  private readonly descriptor: number;
  private pending: string[] = [];
  private size = 0;

  /** @throws UsageError when the file cannot be written */
  constructor(path: string, header: Readonly<Record<string, unknown>>) {
    try {
      this.descriptor = openSync(path, 'w');
    } catch (error) {
      throw new UsageError(`--trace ${path}: ${(error as Error).message}`);
    }
    this.add({ kind: 'run', ...header });
  }

  event(event: TraceEvent): void {
    this.add(event);
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private add(record: object): void {
    const line = `${JSON.stringify(record)}\n`;
    this.pending.push(line);
    this.size += line.length;
    if (this.size >= CHUNK) this.flush();
  }

  private flush(): void {
    writeSync(this.descriptor, this.pending.join(''));
    this.pending = [];
    this.size = 0;
  }
}
