/**
 * Tells the boot of a kernel as a log (tslog), from trace events: the machine, each hart that comes up, the
 * first process, the first step into user mode. The log's time is the machine's, in cycles.
 */
import { Logger } from 'tslog';
import type { Machine } from '../../hw/machine.ts';
import type { TraceEvent, TraceSink } from '../../hw/trace/event.ts';
import { whoIs } from '../../kernel/index.ts';
import type { Host } from '../cli/host.ts';
import { bytes, count } from './text.ts';

export class BootLog implements TraceSink {
  private readonly log: Logger<unknown>;
  private readonly machine: Machine;
  private readonly up = new Set<number>();
  private readonly onBooted: () => void;
  private booted = false;

  /** @param onBooted is called when the first program enters user mode */
  constructor(machine: Machine, host: Host, onBooted: () => void) {
    this.machine = machine;
    this.onBooted = onBooted;
    this.log = new Logger({
      name: 'boot',
      type: 'hidden',
      stack: { capture: 'off' },
      pretty: { template: '{{logLevelName}} {{name}} ', style: host.colour },
      attachedTransports: [{ format: 'pretty', write: (_record, line) => host.out(`${line.trimEnd()}\n`) }],
    });
    const { config } = machine;
    this.say(0, `power on: ${count(machine.harts)} harts, ${bytes(config.nodes * config.memoryPerNode)} of memory`);
  }

  event(event: TraceEvent): void {
    if (this.booted) return;
    if (event.kind === 'park' && event.why === 'wfi') this.hartUp(event.hart, event.cycle);
    if (event.kind === 'context' && event.what === 'created') {
      this.say(event.cycle, `hart ${event.hart} creates context ${event.context}, at ${this.machine.code.nameOf(event.entry)}`);
    }
    if (event.kind === 'return' && event.user) this.userMode(event.context, event.hart, event.cycle);
  }

  private hartUp(hart: number, cycle: number): void {
    if (this.up.has(hart)) return;
    this.up.add(hart);
    this.say(cycle, `hart ${hart} (node ${this.machine.nodeOf(hart)}) is up, and idles in its dispatcher`);
  }

  private userMode(context: number, hart: number, cycle: number): void {
    this.booted = true;
    const owner = whoIs(this.machine, context);
    const who = 'thread' in owner ? `process ${owner.process} thread ${owner.thread}` : 'a program';
    this.say(cycle, `hart ${hart} enters user mode: ${who}`);
    this.onBooted();
  }

  private say(cycle: number, text: string): void {
    this.log.info(`[${count(cycle).padStart(7)}] ${text}`);
  }
}
