/**
 * Where in a run a switch belongs, other than by its step: right after some actor did a certain thing for the n-th
 * time. Steps are counted over all harts, and any instruction more or less moves them all; what one hart does with one
 * word moves only when that is edited.
 *
 * As text: `h0:load.10040#2` is hart 0's second load of 0x10040, `h0:load#2` its second load of anything, and
 * `h0:add#3/load.10040` its first load of 0x10040 after it has passed the place `add` for the third time. What ends a
 * program is `end`. `d1#4` is the fourth drain of hart 1's buffer. `#1` is left out.
 */
import { OP, opName } from '../../hw/isa/op.ts';
import type { Actors } from '../../hw/sequencer/actors.ts';
import { actorName, parseActor } from './actors.ts';

/** A place that a hart passed: a `place()` of the program, or a named step of the kernel. */
export interface Place {
  readonly name: string;
  /** The how manyth time, from 1 on. */
  readonly times: number;
}

export interface Anchor {
  readonly actor: number;
  /** What the hart did; nothing for other actors, which do only one thing. */
  readonly op?: number;
  /** The address it did it to. */
  readonly address?: number;
  /** The place it passed last: from there it is counted. */
  readonly place?: Place;
  /** The how manyth time, from 1 on. */
  readonly times: number;
}

const END = 'end';
const ANCHOR =
  /^(?<actor>[a-z]\d+)(?::(?:(?<place>[\w.-]+?)(?:#(?<passed>\d+))?\/)?(?<op>[A-Za-z0-9]+)(?:\.(?<address>[0-9a-f]{1,8}))?)?(?:#(?<times>\d{1,9}))?$/;

const timesText = (times: number): string => (times === 1 ? '' : `#${times}`);

/** An anchor as text, which `parseAnchor` reads. */
export function formatAnchor({ actor, op, address, place, times }: Anchor, actors: Actors): string {
  const who = actorName(actor, actors);
  if (op === undefined) return `${who}${timesText(times)}`;
  const where = place === undefined ? '' : `${place.name}${timesText(place.times)}/`;
  const what = op === OP.call ? END : opName(op);
  const word = address === undefined ? '' : `.${(address >>> 0).toString(16)}`;
  return `${who}:${where}${what}${word}${timesText(times)}`;
}

/** Reads an anchor; gives what is wrong with the text if it is none. */
export function parseAnchor(text: string, actors: Actors): Anchor | string {
  const groups = ANCHOR.exec(text)?.groups;
  if (groups === undefined) return `'${text}' is no anchor; one looks like h0:load.10040#2`;
  const { place, passed, address } = groups;
  const actor = parseActor(groups['actor'] as string, actors);
  if (typeof actor === 'string') return actor;
  const times = Number(groups['times'] ?? 1);
  if (groups['op'] === undefined) {
    if (actor < actors.harts) return `'${text}': what hart ${actor} did is missing, as in h${actor}:load`;
    return { actor, times };
  }
  if (actor >= actors.harts) return `'${text}': only harts execute instructions`;
  const op = groups['op'] === END ? OP.call : OP[groups['op'] as keyof typeof OP];
  if (op === undefined) return `'${text}': no instruction is called '${groups['op']}'`;
  return {
    actor,
    op,
    ...(address === undefined ? {} : { address: Number.parseInt(address, 16) | 0 }),
    ...(place === undefined ? {} : { place: { name: place, times: Number(passed ?? 1) } }),
    times,
  };
}
