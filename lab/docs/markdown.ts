/** The little Markdown that the reference pages need. */

/** What stands at the top of each page. */
export const page = (title: string, ...sections: string[]): string =>
  `${[`# ${title}`, '<!-- Rendered by `npm run docs`. Change the tables in the code, not this page. -->', ...sections].join('\n\n')}\n`;

/** A table; cells are escaped. */
export const table = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

export const code = (text: string | number): string => `\`${text}\``;

/** An address or a bit pattern as it is read best. */
export const hexadecimal = (value: number, digits = 8): string =>
  code(`0x${(value >>> 0).toString(16).padStart(digits, '0')}`);

const cell = (text: string | number): string =>
  String(text)
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');
