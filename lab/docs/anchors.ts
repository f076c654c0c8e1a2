/**
 * The ties between text and code. A page says `[[kernel/vm/fcm.ts#fcm-miss]]`, the code says `// DOC: fcm-miss`;
 * both are found by their form, so that a test can tell when one moved without the other.
 */

/** A place in the code that a page speaks of. */
export interface Reference {
  /** The page, and the line in it. */
  readonly page: string;
  readonly line: number;
  /** Path from the root of the repository. */
  readonly file: string;
  readonly anchor: string;
}

/** The references in the text of a page. */
export function referencesIn(page: string, text: string): Reference[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(/\[\[([^\]#]+)#([^\]]+)\]\]/g)].map(([, file = '', anchor = '']) => ({
      page,
      line: index + 1,
      file,
      anchor,
    })),
  );
}

/** The anchors in a source text, in order; a doubled one appears twice. */
export const anchorsIn = (source: string): string[] =>
  [...source.matchAll(/^\s*(?:\/\/|#)\s*DOC: (\S+)\s*$/gm)].map(([, anchor = '']) => anchor);

/**
 * What is wrong with the references, one line each.
 * @param read gives the text of a file, or undefined if there is none
 */
export function problemsOf(
  references: readonly Reference[],
  read: (file: string) => string | undefined,
): string[] {
  return references.flatMap(({ page, line, file, anchor }) => {
    const source = read(file);
    if (source === undefined) return [`${page}:${line}: no file ${file}`];
    const count = anchorsIn(source).filter((candidate) => candidate === anchor).length;
    if (count === 1) return [];
    return [
      `${page}:${line}: ${count === 0 ? 'no' : count} anchor${count > 1 ? 's' : ''} ${anchor} in ${file}`,
    ];
  });
}
