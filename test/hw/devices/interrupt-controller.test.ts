import { describe, expect, test } from 'vitest';
import { DEVICES, INTERRUPT_CONTROLLER, INTERRUPT_SOURCE } from '../../../hw/address-map.ts';
import { InterruptController } from '../../../hw/devices/interrupt-controller.ts';

const CLAIM = INTERRUPT_CONTROLLER.CLAIM - DEVICES.interrupts.base;
const SOURCE = INTERRUPT_SOURCE.disk;
const ROUTE = INTERRUPT_CONTROLLER.ROUTE - DEVICES.interrupts.base + 4 * SOURCE;
const NOW = 5;

/** A controller for three harts, and the lines into them. */
function build(): { controller: InterruptController; lines: boolean[] } {
  const lines = [false, false, false];
  const controller = new InterruptController(3, (hart, on) => void (lines[hart] = on));
  return { controller, lines };
}

describe('the interrupt controller', () => {
  test('routes a source to nobody at first, and keeps it pending until somebody is told', () => {
    const { controller, lines } = build();
    controller.raise(SOURCE, NOW);
    expect(lines).toEqual([false, false, false]);
    controller.write(ROUTE, 2, 0, NOW);
    expect(lines).toEqual([false, false, true]);
  });

  test('gives the source to the hart that claims it, once', () => {
    const { controller, lines } = build();
    controller.write(ROUTE, 1, 0, NOW);
    controller.raise(SOURCE, NOW);
    expect(controller.read(CLAIM, 0, NOW)).toBe(0);
    expect(controller.read(CLAIM, 1, NOW)).toBe(SOURCE);
    expect(lines[1]).toBe(false);
    expect(controller.read(CLAIM, 1, NOW)).toBe(0);
  });

  test('keeps a source that is raised while it is claimed until it is completed', () => {
    const { controller, lines } = build();
    controller.write(ROUTE, 1, 0, NOW);
    controller.raise(SOURCE, NOW);
    controller.read(CLAIM, 1, NOW);
    controller.raise(SOURCE, NOW);
    expect(lines[1]).toBe(false);
    controller.write(CLAIM, SOURCE, 1, NOW);
    expect(lines[1]).toBe(true);
    expect(controller.read(CLAIM, 1, NOW)).toBe(SOURCE);
  });

  test('moves the line with the route', () => {
    const { controller, lines } = build();
    controller.write(ROUTE, 0, 0, NOW);
    controller.raise(SOURCE, NOW);
    controller.write(ROUTE, 1, 0, NOW);
    expect(lines).toEqual([false, true, false]);
    controller.write(ROUTE, -1, 0, NOW);
    expect(lines).toEqual([false, false, false]);
  });

  test('tells the hart that is routed to now when another completes the source', () => {
    const { controller, lines } = build();
    controller.write(ROUTE, 0, 0, NOW);
    controller.raise(SOURCE, NOW);
    controller.read(CLAIM, 0, NOW);
    controller.write(ROUTE, 1, 0, NOW);
    controller.raise(SOURCE, NOW);
    expect(lines).toEqual([false, false, false]);
    controller.write(CLAIM, SOURCE, 0, NOW);
    expect(lines).toEqual([false, true, false]);
  });

  test('refuses routes to harts that do not exist, and of sources that do not exist', () => {
    const { controller } = build();
    expect(controller.write(ROUTE, 3, 0, NOW)).toBe(false);
    expect(controller.write(ROUTE, -2, 0, NOW)).toBe(false);
    expect(controller.write(ROUTE - 4, 0, 0, NOW)).toBe(false);
    const sources = Object.keys(INTERRUPT_SOURCE).length;
    expect(controller.write(ROUTE + 4 * sources, 0, 0, NOW)).toBe(false);
    expect(controller.read(ROUTE, 0, NOW)).toBeUndefined();
  });

  test('takes no notice of the completion of a source that does not exist', () => {
    const { controller } = build();
    for (const source of [0, -1, 99]) expect(controller.write(CLAIM, source, 0, NOW)).toBe(true);
  });
});
