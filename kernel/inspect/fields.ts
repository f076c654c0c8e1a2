/** Names of fields by offset, for reports. */

/** The field of a layout that lies at an offset or begins before it. */
export function fieldAt(layout: Readonly<Record<string, number>>, offset: number): string {
  let best = '';
  let start = -1;
  for (const [name, at] of Object.entries(layout)) {
    if (name === 'SIZE' || at > offset || at < start) continue;
    best = name;
    start = at;
  }
  return best;
}

/** The name of a field as words: `runLock` becomes `run lock`. */
export const spoken = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
