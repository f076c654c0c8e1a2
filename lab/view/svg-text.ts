/** Pieces of SVG that are written by hand. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const svgText = (x: number, y: number, content: string, style = ''): string =>
  `<text x="${x}" y="${y}" ${style}>${escape(content)}</text>`;

/** A whole document with a title, on white. */
export function plainSvg(width: number, height: number, title: string, drawn: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`;
  const back = `<rect width="${width}" height="${height}" fill="white"/>`;
  const shown = svgText(8, 18, title, 'font-size="13" font-weight="bold"');
  return `${head}<title>${escape(title)}</title>${back}${shown}${drawn.join('')}</svg>\n`;
}
