/**
 * An oracle for scheduling experiments: the closed system of Squillante & Lazowska (TPDS 4(2), 1993) as a plain
 * event simulation. It shares nothing with the emulator but the names of the policies.
 *
 * K tasks alternate between N processors and thinking. A burst takes an exponential time of mean D, and before
 * it R · (1 − f^I) to reload the cache, where I is how many tasks have run on the processor since this one did.
 * FCFS, LP, MI and LMI have one queue, and decide when a processor is free; FP and LMIR have a queue for each
 * processor, and decide when a task becomes ready.
 */

export const POLICIES = ['FCFS', 'LP', 'MI', 'LMI', 'FP', 'LMIR'] as const;
export type PolicyName = (typeof POLICIES)[number];

export interface ClosedSystem {
  readonly processors: number;
  readonly tasks: number;
  /** Mean service, D. */
  readonly service: number;
  /** Reload of a cold cache, R. */
  readonly reload: number;
  /** What one intervening task leaves of a footprint, f. */
  readonly survival: number;
  /** Mean think time, Z. */
  readonly think: number;
  readonly policy: PolicyName;
  /** Processors that LMI remembers of each task. */
  readonly remembered?: number;
  readonly bursts?: number;
  readonly seed?: number;
}

export interface Outcome {
  /** Bursts in a unit of time. */
  readonly throughput: number;
  /** Of the times from ready to done. */
  readonly response: { readonly mean: number; readonly variance: number };
  /** Mean reload of a burst. */
  readonly reload: number;
  readonly utilisation: number;
  /** Share of the bursts on another processor than the last one. */
  readonly migrations: number;
}

interface Task {
  readonly id: number;
  readyAt: number;
  last: number;
  /** For each processor, how many bursts it had served when this task's last one there had ended. */
  readonly served: Map<number, number>;
}

type Event = { readonly at: number; readonly task: Task; readonly processor: number };
const THINKING = -1;

export function simulate(system: ClosedSystem): Outcome {
  return new Simulation(system).run();
}

class Simulation {
  private readonly system: ClosedSystem;
  private readonly random: () => number;
  private now = 0;
  private readonly events: Event[] = [];
  private readonly running: (Task | undefined)[];
  private readonly bursts: number[];
  /** One queue, or one for each processor. */
  private readonly queues: Task[][];

  constructor(system: ClosedSystem) {
    this.system = system;
    this.random = mulberry(system.seed ?? 1);
    this.running = Array.from({ length: system.processors }, () => undefined);
    this.bursts = this.running.map(() => 0);
    this.queues = this.perProcessor ? this.running.map(() => []) : [[]];
  }

  private get perProcessor(): boolean {
    return this.system.policy === 'FP' || this.system.policy === 'LMIR';
  }

  run(): Outcome {
    const { tasks, processors, think, bursts = 40_000 } = this.system;
    for (let id = 0; id < tasks; id++)
      this.later(this.exponential(think), { id, readyAt: 0, last: -1, served: new Map() }, THINKING);
    const warm = bursts / 10;
    let [done, from, sum, squares, reloads, moved, busy] = [0, 0, 0, 0, 0, 0, 0];
    while (done < bursts + warm) {
      const { at, task, processor } = this.events.shift() as Event;
      this.now = at;
      if (processor === THINKING) {
        task.readyAt = at;
        this.becomeReady(task);
      } else {
        this.finish(task, processor);
        if (++done === warm) from = at;
        if (done > warm) {
          const response = at - task.readyAt;
          sum += response;
          squares += response * response;
        }
      }
      for (const { reload, took, migrated } of this.assign()) {
        if (done < warm) continue;
        reloads += reload;
        busy += took;
        moved += migrated ? 1 : 0;
      }
    }
    const mean = sum / bursts;
    const span = this.now - from;
    return {
      throughput: bursts / span,
      response: { mean, variance: squares / bursts - mean * mean },
      reload: reloads / bursts,
      utilisation: busy / span / processors,
      migrations: moved / bursts,
    };
  }

  private becomeReady(task: Task): void {
    if (!this.perProcessor) {
      (this.queues[0] as Task[]).push(task);
      return;
    }
    const { policy, processors, survival } = this.system;
    // Beyond as many tasks as leave a tenth of the footprint, more make no difference.
    const cold = Math.ceil(Math.log(0.1) / Math.log(survival));
    const cost = (at: number): number =>
      Math.min(cold, this.intervening(task, at)) +
      (this.queues[at] as Task[]).length +
      (this.running[at] === undefined ? 0 : 1);
    const all = [...Array(processors).keys()];
    const chosen =
      policy === 'FP' ? task.id % processors : all.reduce((best, at) => (cost(at) < cost(best) ? at : best));
    (this.queues[chosen] as Task[]).push(task);
  }

  /** Gives free processors tasks, until there are none of either that fit. */
  private assign(): { readonly reload: number; readonly took: number; readonly migrated: boolean }[] {
    const started = [];
    for (;;) {
      const pair = this.nextPair();
      if (pair === undefined) return started;
      started.push(this.start(pair.task, pair.processor));
    }
  }

  private nextPair(): { readonly task: Task; readonly processor: number } | undefined {
    const free = [...this.running.keys()].filter((at) => this.running[at] === undefined);
    if (this.perProcessor) {
      const processor = free.find((at) => (this.queues[at] as Task[]).length > 0);
      if (processor === undefined) return undefined;
      return { task: (this.queues[processor] as Task[]).shift() as Task, processor };
    }
    const queue = this.queues[0] as Task[];
    const head = queue[0];
    if (head === undefined || free.length === 0) return undefined;
    let best = { task: head, processor: free[Math.floor(this.random() * free.length)] as number };
    let least = Number.POSITIVE_INFINITY;
    for (const task of queue) {
      for (const processor of free) {
        const cost = this.distance(task, processor);
        if (cost < least) [least, best] = [cost, { task, processor }];
      }
    }
    queue.splice(queue.indexOf(best.task), 1);
    return best;
  }

  /** What the policy minimises; infinite where it sees no affinity. */
  private distance(task: Task, processor: number): number {
    const { policy, remembered = 3 } = this.system;
    if (policy === 'FCFS') return Number.POSITIVE_INFINITY;
    if (policy === 'LP') return task.last === processor ? 0 : Number.POSITIVE_INFINITY;
    if (policy === 'LMI') {
      const known = [...task.served.keys()].toSorted(
        (a, b) => this.intervening(task, a) - this.intervening(task, b),
      );
      if (!known.slice(0, remembered).includes(processor)) return Number.POSITIVE_INFINITY;
    }
    return this.intervening(task, processor);
  }

  private intervening(task: Task, processor: number): number {
    const served = task.served.get(processor);
    return served === undefined ? Number.POSITIVE_INFINITY : (this.bursts[processor] as number) - served;
  }

  private start(task: Task, processor: number) {
    const { reload, survival, service } = this.system;
    const cold = 1 - survival ** this.intervening(task, processor);
    const took = this.exponential(service) + reload * cold;
    this.running[processor] = task;
    this.later(took, task, processor);
    const migrated = task.last !== processor;
    task.last = processor;
    return { reload: reload * cold, took, migrated };
  }

  private finish(task: Task, processor: number): void {
    this.running[processor] = undefined;
    this.bursts[processor] = (this.bursts[processor] as number) + 1;
    task.served.set(processor, this.bursts[processor] as number);
    this.later(this.exponential(this.system.think), task, THINKING);
  }

  private later(delay: number, task: Task, processor: number): void {
    const event = { at: this.now + delay, task, processor };
    let place = this.events.length;
    while (place > 0 && (this.events[place - 1] as Event).at > event.at) place--;
    this.events.splice(place, 0, event);
  }

  private exponential(mean: number): number {
    return mean === 0 ? 0 : -mean * Math.log(1 - this.random());
  }
}

/** Uniform numbers below 1 (Mulberry32). */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

/** Throughput of N processors for K tasks without reloads, exactly: the machine-repair model's birth-death chain. */
export function repairThroughput(processors: number, tasks: number, service: number, think: number): number {
  let weight = 1;
  let [total, served] = [1, 0];
  for (let ready = 1; ready <= tasks; ready++) {
    weight *= ((tasks - ready + 1) / think) * (service / Math.min(ready, processors));
    total += weight;
    served += weight * (Math.min(ready, processors) / service);
  }
  return served / total;
}
