/**
 * What a command may touch of the host: where it prints, and what kind of terminal it prints on. Tests give
 * one that keeps what was written.
 */
export interface Host {
  /** Results. */
  out(text: string): void;
  /** Progress, logs and mistakes. */
  err(text: string): void;
  /** Whether results, and progress, go to a terminal. */
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Columns to draw in. */
  readonly columns: number;
  /** Whether colours are wanted on standard output. */
  readonly colour: boolean;
}

/** The process's own terminal. Colours follow NO_COLOR, FORCE_COLOR and whether this is a terminal. */
export function processHost(): Host {
  const { stdout, stderr, env } = process;
  // Whoever reads our output may stop reading (`eddy … | head`): that is no fault.
  stdout.on('error', () => undefined);
  const wanted = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outIsTerminal: stdout.isTTY === true,
    errIsTerminal: stderr.isTTY === true && env['CI'] === undefined,
    // Everything is drawn for 80 columns; a terminal that does not say how wide it is has as many.
    columns: Math.max(80, Math.min(stdout.columns || 80, 100)),
    colour: !env['NO_COLOR'] && (wanted || stdout.isTTY === true),
  };
}
