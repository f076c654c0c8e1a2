/** Puts races into words. Neighbouring words on which the same two threads race in the same way are one finding. */
import { doesToIt } from '../access.ts';
import type { Watch } from '../detector.ts';
import { atCycle, hex, involvedIn, located, named } from '../words.ts';
import type { Race } from './words.ts';

export function reportRaces(races: readonly Race[], watch: Watch): void {
  const sorted = races.toSorted((a, b) => a.space - b.space || a.address - b.address);
  for (const group of neighbours(sorted)) report(group, watch);
}

/** Groups of races that follow each other. */
function neighbours(races: readonly Race[]): Race[][] {
  const groups: Race[][] = [];
  for (const race of races) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && goesOn(last, race)) group.push(race);
    else groups.push([race]);
  }
  return groups;
}

const goesOn = (last: Race, race: Race): boolean =>
  last.space === race.space &&
  race.address - last.address <= 4 &&
  last.first.access.who === race.first.access.who &&
  last.second.access.who === race.second.access.who &&
  last.first.access.op === race.first.access.op &&
  last.second.access.op === race.second.access.op;

function report(group: readonly Race[], watch: Watch): void {
  const { space, address, first, second } = group[0] as Race;
  const place = watch.place(space, address);
  const until =
    group.length === 1 ? '' : ` and ${group.length - 1} more up to ${hex(group.at(-1)?.address as number)}`;
  const clause = ({ access }: Race['first']): string =>
    `${named(access.who, access.hart)} ${doesToIt(access.op)} at ${atCycle(access.cycle)}`;
  watch.report({
    message: `data race on the word at ${located(address, place)}${until}: ${clause(first)}, ${clause(second)}, and nothing orders the two`,
    cycle: second.access.cycle,
    address,
    ...(place === undefined ? {} : { place }),
    involved: [involvedIn(first.access), involvedIn(second.access)],
  });
}
