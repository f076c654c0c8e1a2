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
  /** Harts that idle in their dispatchers, by node. Hart 0 starts the first process instead. */
  private readonly up = new Map<number, Set<number>>();
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
    this.say(
      0,
      `power on: ${count(machine.harts)} harts, ${bytes(config.nodes * config.memoryPerNode)} of memory`,
    );
  }

  event(event: TraceEvent): void {
    if (this.booted) return;
    if (event.kind === 'park' && event.why === 'wfi') this.hartUp(event.hart, event.cycle);
    if (event.kind === 'context' && event.what === 'created') {
      this.say(
        event.cycle,
        `hart ${event.hart} creates context ${event.context}, at ${this.machine.code.nameOf(event.entry)}`,
      );
    }
    if (event.kind === 'return' && event.user) this.userMode(event.context, event.hart, event.cycle);
  }

  private hartUp(hart: number, cycle: number): void {
    const node = this.machine.nodeOf(hart);
    const harts = this.up.get(node) ?? new Set();
    this.up.set(node, harts);
    if (harts.has(hart)) return;
    harts.add(hart);
    const perNode = this.machine.harts / this.machine.config.nodes;
    const last = (node + 1) * perNode - 1;
    const first = Math.max(1, node * perNode);
    if (harts.size < last - first + 1) return;
    const which =
      first === last
        ? `hart ${first} idles in its dispatcher`
        : `harts ${first} to ${last} idle in their dispatchers`;
    this.say(cycle, `node ${node} is up: ${which}`);
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
