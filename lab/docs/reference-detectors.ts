import { DEFAULT_OVERTAKES, DETECTORS } from '../detect/detectors.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/detectors.md: what `--detect` looks for. */
export function renderDetectors(): string {
  return page(
    'Detectors',
    `\`eddy run PROGRAM --detect NAMES\` looks for bugs in a run, with the kernel or without: names with commas in between, or \`all\`. \`starvation=N\` sets the bound of that one (${DEFAULT_OVERTAKES.toLocaleString('en')}). Findings are printed, stand in the field \`findings\` of the document, and make a run that went well otherwise end with status 1.`,
    table(
      ['detector', 'what it finds'],
      DETECTORS.map(({ id, summary }) => [code(id), summary]),
    ),
    'What each goes by, and what it does not see:',
    table(
      ['detector', 'sees', 'does not see'],
      DETECTORS.map(({ id, sees, misses }) => [code(id), sees, misses]),
    ),
    'Programs, and the library’s locks and heaps, say what cannot be seen in instructions by [marks](instructions.md#marks): `yield mark(MARK.atomic, address, 4)`.',
  );
}
