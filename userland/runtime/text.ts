/** Text as bytes and words. Pure functions: what they compute travels through registers. */

/** The UTF-8 bytes of `text`, cut between characters into pieces of at most `limit` bytes. */
export function* splitText(text: string, limit: number): Generator<Uint8Array, void, unknown> {
  const bytes = new TextEncoder().encode(text);
  let start = 0;
  while (start < bytes.length) {
    let end = Math.min(start + limit, bytes.length);
    while (end < bytes.length && isContinuation(bytes[end] ?? 0)) end--;
    yield bytes.subarray(start, end);
    start = end;
  }
}

/** Bytes packed four to a word, little-endian as in memory; the last word is filled up with zero bytes. */
export function* encodeWords(bytes: Uint8Array): Generator<number, void, unknown> {
  for (let i = 0; i < bytes.length; i += 4) {
    yield byte(bytes, i) |
      (byte(bytes, i + 1) << 8) |
      (byte(bytes, i + 2) << 16) |
      (byte(bytes, i + 3) << 24);
  }
}

const byte = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;

/** Whether a byte goes on with a character rather than beginning one. */
const isContinuation = (value: number): boolean => (value & 0xc0) === 0x80;
