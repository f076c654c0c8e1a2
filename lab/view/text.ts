/** Small pieces of text that several views draw. */
import type { Paint } from './paint.ts';

/** A whole number with separators: `1,234,567`. */
export const count = (value: number): string => Math.round(value).toLocaleString('en');

/** A share as a percentage of three characters: ` 7%`. */
export const percent = (part: number, whole: number): string =>
  `${whole === 0 ? 0 : Math.round((100 * part) / whole)}%`.padStart(4);

/** Bytes as people say them: `64 MiB`. */
export function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let unit = 0;
  let value = size;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A text cut or filled to a width. */
export const fit = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);

/** The heading of a section: a rule with a title in it. */
export const heading = (title: string, columns: number, paint: Paint): string =>
  `\n${paint.title(`── ${title} `)}${paint.dim('─'.repeat(Math.max(0, columns - title.length - 4)))}\n`;

/** A bar of eighths of a character, for a share between 0 and 1. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const rest = eighths % 8;
  return '█'.repeat(eighths >> 3) + (rest === 0 ? '' : (' ▏▎▍▌▋▊▉'[rest] as string));
}
