/**
 * Figures as SVG. The plot library and the document that it draws into are large, and are loaded when a
 * figure is wanted. The same rows give the same bytes.
 */
import type { Figure, Row, Value } from '../framework/experiment.ts';
import { valuesOf } from '../framework/rows.ts';

const PANEL = { width: 210, height: 190 };
const MARGIN = { left: 56, right: 74, top: 92, bottom: 44 };
/** Okabe and Ito's colours, which can be told apart by everybody. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999'];
const FONT = 11;
/** About how wide a character is. */
const CHARACTER = 6.5;

/** Draws a figure of the rows that were measured. */
export async function drawFigure(figure: Figure, rows: readonly Row[]): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const { x, y, series, panelsAcross, panelsDown } = figure;
  const data = rows.filter((row) => typeof row[y.key] === 'number' && (figure.where?.(row, rows) ?? true));
  const panels = (key: string | undefined): Value[] => (key === undefined ? [] : valuesOf(data, key));
  const names = valuesOf(data, series.key).map(String);
  const colour = (row: Row): string => String(row[series.key]);
  const channels = {
    x: x.key,
    y: y.key,
    z: series.key,
    ...(panelsAcross === undefined ? {} : { fx: panelsAcross }),
    ...(panelsDown === undefined ? {} : { fy: panelsDown }),
  };
  const options = {
    document,
    width: MARGIN.left + MARGIN.right + PANEL.width * Math.max(2, panels(panelsAcross).length),
    height: MARGIN.top + MARGIN.bottom + PANEL.height * Math.max(1, panels(panelsDown).length),
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    style: { fontFamily: 'sans-serif', fontSize: `${FONT}px`, background: 'white' },
    x: {
      ...(x.scale === 'log2' ? { type: 'log', base: 2 } : { type: x.scale }),
      label: x.label,
      ticks: valuesOf(data, x.key),
      tickFormat: 'd',
    },
    y: {
      type: y.scale,
      label: null,
      grid: true,
      tickFormat: '~f',
      nice: true,
      ...(y.scale === 'linear' ? { zero: true } : {}),
    },
    fx: { label: null, padding: 0.12, domain: panels(panelsAcross) },
    fy: { label: null, padding: 0.12, domain: panels(panelsDown) },
    color: { range: COLOURS, domain: names },
    marks: [
      Plot.frame({ stroke: '#ccc' }),
      Plot.line(data, { ...channels, stroke: colour, strokeWidth: 1.5 }),
      Plot.dot(data, { ...channels, fill: colour, r: 2.5 }),
    ],
  };
  return finish(Plot.plot(options as Parameters<typeof Plot.plot>[0]).outerHTML, figure, names);
}

/** Makes a file of its own of what would stand in a page: a name space, a title, and what the lines are. */
function finish(svg: string, { title, y, series }: Figure, names: readonly string[]): string {
  let at = 8 + (series.label.length + 2) * CHARACTER;
  const legend = names.map((name, index) => {
    const left = at;
    at += (name.length + 4) * CHARACTER;
    const colour = COLOURS[index % COLOURS.length] as string;
    return `<circle cx="${left + 5}" cy="34" r="4" fill="${colour}"/>${text(left + 13, 38, name)}`;
  });
  const drawn = [
    text(8, 18, title, 'font-size="13" font-weight="bold"'),
    text(8, 38, `${series.label}:`, 'fill="#555"'),
    ...legend,
    text(8, 58, `↑ ${y.label}`),
  ];
  return `${svg
    .replace(/^<svg /, '<svg xmlns="http://www.w3.org/2000/svg" role="img" ')
    .replace('>', `><title>${escape(title)}</title>`)
    .replace(/<\/svg>$/, `${drawn.join('')}</svg>`)}\n`;
}

const text = (x: number, y: number, content: string, style = ''): string =>
  `<text x="${x}" y="${y}" text-anchor="start" ${style}>${escape(content)}</text>`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
