/** A protocol table, compiled to arrays for the machine: state numbers are indices into STATES. */
import {
  ACTIONS,
  type ActionName,
  EVENTS,
  type EventName,
  STATES,
  type State,
  type Transition,
} from './transition.ts';

const indexed = <Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> =>
  Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>;

/** State numbers by name. I is 0. */
export const STATE: Readonly<Record<State, number>> = indexed(STATES);
/** Event numbers by name. */
export const EVENT: Readonly<Record<EventName, number>> = indexed(EVENTS.map((event) => event.name));
/** Action numbers by name. */
export const ACTION: Readonly<Record<ActionName, number>> = indexed(ACTIONS.map((action) => action.name));

export class Protocol {
  private readonly nextState = new Int8Array(STATES.length * EVENTS.length).fill(-1);
  private readonly action = new Int8Array(STATES.length * EVENTS.length).fill(-1);

  /** Whether writes to shared lines send the word to the other copies, instead of destroying these. */
  readonly updates: boolean;

  /** @throws RangeError when a state × event that the table uses is not answered, or answered twice. */
  constructor(table: readonly Transition[]) {
    for (const row of table) {
      const at = STATE[row.state] * EVENTS.length + EVENT[row.event];
      if (this.nextState[at] !== -1) throw new RangeError(`${row.state} × ${row.event} is answered twice`);
      this.nextState[at] = STATE[row.next];
      this.action[at] = ACTION[row.action];
    }
    const events = new Set(table.map((row) => row.event));
    for (const state of new Set(table.flatMap((row) => [row.state, row.next]))) {
      for (const event of events) {
        if (this.nextOf(STATE[state], EVENT[event]) === -1) {
          throw new RangeError(`${state} × ${event} is not answered`);
        }
      }
    }
    this.updates = events.has('storeShared');
  }

  /** Whether a line in this state differs from memory. */
  isDirty(state: number): boolean {
    return this.actionOf(state, EVENT.evict) === ACTION.writeBack;
  }

  nextOf(state: number, event: number): number {
    return this.nextState[state * EVENTS.length + event] as number;
  }

  actionOf(state: number, event: number): number {
    return this.action[state * EVENTS.length + event] as number;
  }
}
