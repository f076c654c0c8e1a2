/** fork: a child that finds in memory what its parent had stored there. */
import { type Code, load, store } from '../../../../hw/isa/index.ts';
import { exitStatus } from '../../../../kernel/abi/index.ts';
import type { Agents, Request } from '../agents.ts';
import type { Model } from '../model.ts';
import { Spawn } from './lives.ts';

/** Exits with what it reads, after it has stored something else there. */
function* reads(address: number): Code<number> {
  const value = yield load(address);
  yield store(address, value + 1);
  return (yield load(address)) === value + 1 ? value : 254;
}

export class Fork extends Spawn {
  private readonly region: number;
  private readonly place: number;

  /** @param region the slot of a region @param place of a word in it, from the front */
  constructor(agent: number, slot: number, region: number, place: number) {
    super(agent, slot, 0);
    this.region = region;
    this.place = place;
  }

  /** A child that shared an extent could keep it from being written back before it is mapped again. */
  override check(model: Model): boolean {
    const region = model.regions.get(this.region);
    const onDisk = [...model.regions.values()].some(({ block }) => block !== undefined);
    return super.check(model) && region?.writable === true && !onDisk;
  }

  override touches(): string[] {
    return [...super.touches(), 'slot 0', 'slot 1', 'disk'];
  }

  override request(model: Model, agents: Agents): Request {
    const address = (model.regions.get(this.region)?.address ?? 0) + 4 * this.place;
    return { call: 'fork', words: [agents.code(reads), address, -1] };
  }

  override answered(model: Model, answer: number | undefined): void {
    super.answered(model, answer);
    const child = model.children.get(this.slot);
    const region = model.regions.get(this.region);
    if (child !== undefined && region !== undefined)
      child.status = exitStatus(model.word(region, this.place));
  }

  override toString(): string {
    return `child ${this.slot} = fork, which exits with word ${this.place} of slot ${this.region}`;
  }
}
