/** Executes the message instructions of a cluster. */
import { MESSAGE_WORDS } from '../address-map.ts';
import type { CoroutineContext } from '../context/coroutine.ts';
import type { MessageNetwork } from '../devices/network-interface.ts';
import { COUNTER, type Counters } from '../counters.ts';
import { CSR, SSTATUS } from '../isa/csr.ts';
import { theInstruction } from '../isa/instruction.ts';
import { OP } from '../isa/op.ts';
import { CAUSE } from '../isa/trap.ts';
import { ACTIVITY, type HartState } from './hart-state.ts';
import type { MemoryPort } from './memory-port.ts';
import { type Processor, TRAPPED, WHOLE_WORD } from './processor.ts';
import type { TrapUnit } from './trap-unit.ts';

const BYTES = 4 * MESSAGE_WORDS;
const WORDS_SHIFT = 16;

export interface NetworkWires {
  readonly harts: HartState;
  readonly port: MemoryPort;
  readonly processor: Processor;
  readonly traps: TrapUnit;
  readonly network: MessageNetwork;
  readonly counters: Counters;
}

export class NetworkUnit {
  private readonly wires: NetworkWires;

  constructor(wires: NetworkWires) {
    this.wires = wires;
  }

  /** Executes the instruction in the record if it is one of these; gives false if not. */
  execute(hart: number, context: CoroutineContext): boolean {
    const { op } = theInstruction;
    if (op !== OP.send && op !== OP.receive) return false;
    if (this.mustTrap(hart)) this.wires.traps.trap(hart, CAUSE.illegalInstruction, op);
    else if (op === OP.send) this.send(hart, context);
    else this.receive(hart, context);
    return true;
  }

  /** A monitor can make messages of user mode trap. */
  private mustTrap(hart: number): boolean {
    const { harts } = this.wires;
    return harts.user[hart] === 1 && (harts.csr(hart, CSR.sstatus) & SSTATUS.TVM) !== 0;
  }

  private send(hart: number, context: CoroutineContext): void {
    const { harts, port, processor, network, traps, counters } = this.wires;
    const { a: to, b: address, c: words } = theInstruction;
    const from = this.reachMessage(hart, address, words, false);
    if (from === TRAPPED) return;
    port.drain(hart);
    const content = Array.from({ length: words }, (_, index) => port.load(hart, from + 4 * index));
    const now = harts.clock[hart] as number;
    if (network.send(harts.node[hart] as number, to, content, now)) {
      counters.add(hart, COUNTER.messages, 1);
      processor.complete(hart, context, 0);
    } else traps.trap(hart, CAUSE.illegalInstruction, OP.send);
  }

  private receive(hart: number, context: CoroutineContext): void {
    const { harts, port, processor, network } = this.wires;
    const { a: address, b: words } = theInstruction;
    const to = this.reachMessage(hart, address, words, true);
    if (to === TRAPPED) return;
    const message = network.at(harts.node[hart] as number).take();
    if (message === undefined) {
      context.keep();
      harts.activity[hart] = ACTIVITY.receiving;
      return;
    }
    const count = Math.min(words, message.words.length);
    for (let index = 0; index < count; index++) {
      port.store(hart, to + 4 * index, message.words[index] as number, WHOLE_WORD);
    }
    // Where an arbiter decides who acts, the hart may be behind the sender: it does not receive before the arrival.
    processor.advance(hart, Math.max(1, message.arrival - (harts.clock[hart] as number)));
    processor.complete(hart, context, message.from | (count << WORDS_SHIFT));
  }

  /** Where a message lies: within one line, so that one look-up reaches all of it. */
  private reachMessage(hart: number, address: number, words: number, write: boolean): number {
    const { processor, traps } = this.wires;
    if (words >= 1 && words <= MESSAGE_WORDS && address % BYTES === 0) {
      return processor.reachMemory(hart, address, 3, write);
    }
    traps.trap(hart, CAUSE.illegalInstruction, theInstruction.op);
    return TRAPPED;
  }
}
