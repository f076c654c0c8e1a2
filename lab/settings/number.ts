/** Numbers as people write them: `64`, `0x40`, `64k`, `2M`, `-1`. */
const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1 << 10, m: 1 << 20, g: 1 << 30 };

/** The number that a text means, or undefined if it is none. */
export function parseNumber(text: string): number | undefined {
  const match = /^([+-]?)(0x[0-9a-f]+|\d+(?:_\d+)*)(?:([kmg])(?:i?b)?)?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', unit = ''] = match;
  const size = Number(digits.replaceAll('_', '')) * (UNITS[unit.toLowerCase()] as number);
  return sign === '-' ? -size : size;
}
