/** A host that keeps what was written, and a way to run a command line on it in this process. */
import { main } from '../../lab/cli/cli.ts';
import type { Host } from '../../lab/cli/host.ts';

export class CapturedHost implements Host {
  readonly outIsTerminal = false;
  readonly errIsTerminal: boolean;
  readonly columns = 80;
  readonly colour: boolean;
  output = '';
  errors = '';

  constructor(colour = false, errIsTerminal = false) {
    this.colour = colour;
    this.errIsTerminal = errIsTerminal;
  }

  out(text: string): void {
    this.output += text;
  }

  err(text: string): void {
    this.errors += text;
  }
}

export interface Finished {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

/** Carries out `eddy` with a command line. */
export async function eddy(...args: string[]): Promise<Finished> {
  const host = new CapturedHost();
  const status = await main(args, host);
  return { status, output: host.output, errors: host.errors };
}

/** The JSON document that a command line prints. */
export async function eddyJson<T>(...args: string[]): Promise<T & { readonly status: number }> {
  const { status, output } = await eddy(...args, '--json');
  return { status, ...(JSON.parse(output) as T) };
}
