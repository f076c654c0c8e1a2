/**
 * Names of those who act in a schedule: `h3` is hart 3, `d3` the drain of its store buffer; of the device events, `t3`
 * is its timer, `i3` the software interrupt on its way to it, `k0` the disk of node 0, `m1` a message from one node to
 * another (hw/sequencer/actors.ts).
 */
import { ACTOR_KINDS, type ActorKind, type Actors } from '../../hw/sequencer/actors.ts';

const KINDS = Object.keys(ACTOR_KINDS) as ActorKind[];

/** An actor's name. */
export function actorName(actor: number, actors: Actors): string {
  const { kind, number } = actors.at(actor);
  return `${ACTOR_KINDS[kind]}${number}`;
}

const NAME = /^([a-z])(\d{1,6})$/;

/** The actor of a name; gives what is wrong with it if there is none. */
export function parseActor(name: string, actors: Actors): number | string {
  const [, letter, digits] = NAME.exec(name) ?? [];
  const kind = KINDS.find((candidate) => ACTOR_KINDS[candidate] === letter);
  if (kind === undefined) return `'${name}' is nobody; h3 is hart 3, d3 the drain of its store buffer`;
  const number = Number(digits);
  if (number < actors.countOf(kind)) return actors.of(kind, number);
  const has = kind === 'disk' || kind === 'message' ? `${actors.nodes} nodes` : `${actors.harts} harts`;
  return `'${name}': the machine has ${has}, from 0 on`;
}
