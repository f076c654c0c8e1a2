/** Colours of everything that is drawn on a terminal; plain where no colours are wanted. */
import { Chalk, supportsColor } from 'chalk';
import type { Host } from '../cli/host.ts';

type Style = (text: string) => string;

export interface Paint {
  readonly title: Style;
  readonly dim: Style;
  readonly name: Style;
  readonly number: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly hardware: Style;
  readonly kernel: Style;
  readonly wait: Style;
}

/** The colours that a host wants. */
export function paintFor(host: Host): Paint {
  const depth = supportsColor === false ? 1 : supportsColor.level;
  const chalk = new Chalk({ level: host.colour ? depth : 0 });
  return {
    title: chalk.bold.cyan,
    dim: chalk.dim,
    name: chalk.bold,
    number: chalk.yellow,
    good: chalk.green,
    bad: chalk.bold.red,
    hardware: chalk.magenta,
    kernel: chalk.blue,
    wait: chalk.dim.italic,
  };
}
