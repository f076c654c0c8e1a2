/**
 * A progress bar for long work, on standard error and only on a terminal. It appears when the work has taken
 * a second, and leaves nothing behind.
 */
import type { Host } from '../cli/host.ts';

export interface Progress {
  /** So much of the work is done. */
  update(done: number): void;
  /** The work is over: the bar disappears. */
  done(): void;
}

const APPEARS_AFTER = 1000;
const EVERY = 100;
const WIDTH = 24;

const silent: Progress = { update: () => undefined, done: () => undefined };

/**
 * @param total the work in all; beyond what is plausible the bar shows no share, only what was done
 * @param unit what the work is counted in
 */
export function progressFor(host: Host, label: string, total: number, unit = 'steps'): Progress {
  return host.errIsTerminal ? new ProgressBar(host, label, total, unit) : silent;
}

/** Budgets this large are limits, not expectations. */
const UNKNOWN = 1e9;

class ProgressBar implements Progress {
  private readonly host: Host;
  private readonly label: string;
  private readonly total: number;
  private readonly unit: string;
  private readonly started = performance.now();
  private drawn = 0;

  constructor(host: Host, label: string, total: number, unit: string) {
    this.host = host;
    this.label = label;
    this.total = total;
    this.unit = unit;
  }

  update(done: number): void {
    const now = performance.now();
    if (now - this.started < APPEARS_AFTER || now - this.drawn < EVERY) return;
    this.drawn = now;
    const rate = done / ((now - this.started) / 1000);
    const text = `${this.label} ${this.bar(done, now)} ${many(done)} ${this.unit}, ${many(rate)}/s`;
    this.host.err(`\r\u001b[2K${text.slice(0, this.host.columns - 1)}`);
  }

  done(): void {
    if (this.drawn > 0) this.host.err('\r\u001b[2K');
  }

  private bar(done: number, now: number): string {
    if (this.total < UNKNOWN) {
      const filled = Math.min(WIDTH, Math.round((WIDTH * done) / this.total));
      return `[${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}]`;
    }
    // Nobody knows how much is left: a block that wanders shows that something is done.
    const at = Math.floor(now / 120) % WIDTH;
    return `[${'░'.repeat(at)}█${'░'.repeat(WIDTH - 1 - at)}]`;
  }
}

const many = (count: number): string =>
  count < 1e5 ? String(Math.round(count)) : `${(count / 1e6).toFixed(1)} M`;
