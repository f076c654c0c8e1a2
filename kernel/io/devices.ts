/** External interrupts: asks the interrupt controller who it was until nobody is left. */
import { INTERRUPT_CONTROLLER, INTERRUPT_SOURCE } from '../../hw/address-map.ts';
import { type Code, load, store } from '../../hw/isa/index.ts';
import { diskCompleted } from './disk.ts';

/** Serves every device that wants attention of this hart. */
export function* serveDevices(): Code {
  for (
    let source = yield load(INTERRUPT_CONTROLLER.CLAIM);
    source !== 0;
    source = yield load(INTERRUPT_CONTROLLER.CLAIM)
  ) {
    if (source === INTERRUPT_SOURCE.disk) yield* diskCompleted();
    else yield store(INTERRUPT_CONTROLLER.CLAIM, source);
  }
}
