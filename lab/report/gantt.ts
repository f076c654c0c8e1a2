/** Which thread ran on which hart when: what the Gantt charts for terminals and as SVG are drawn from. */
import { plainSvg, svgText } from '../view/svg-text.ts';
import type { Period, Slice } from './slices.ts';

/** The field `report.gantt` of `eddy run --json`. */
export interface GanttReport {
  readonly period: Period;
  /** Names of the threads, `process.thread`, in the order of their numbers. */
  readonly threads: readonly string[];
  readonly harts: readonly {
    readonly hart: number;
    readonly slices: readonly { readonly name: string; readonly start: number; readonly end: number }[];
  }[];
}

export function ganttOf(all: readonly Slice[], period: Period, harts: number): GanttReport {
  const slices = all.filter(({ start, end }) => end > period.from && start < period.to);
  const threads = [...new Map(slices.map((slice) => [nameOf(slice), slice])).values()]
    .toSorted((a, b) => a.process - b.process || a.thread - b.thread)
    .map(nameOf);
  return {
    period,
    threads,
    harts: Array.from({ length: harts }, (_, hart) => ({
      hart,
      slices: slices
        .filter((slice) => slice.hart === hart)
        .toSorted((a, b) => a.start - b.start)
        .map((slice) => ({ name: nameOf(slice), start: slice.start, end: slice.end })),
    })),
  };
}

const nameOf = ({ process, thread }: Slice): string => `${process}.${thread}`;

const WIDTH = 900;
const LEFT = 60;
const TOP = 40;
const LANE = 22;
const BAR = 18;
const TICKS = 6;
/** So many colours differ enough; the golden angle sets neighbours apart. */
const GOLDEN = 137.508;

/** The chart as SVG. The same report gives the same bytes. */
export function ganttSvg({ period, threads, harts }: GanttReport, title: string): string {
  const span = Math.max(1, period.to - period.from);
  const x = (cycle: number): number =>
    LEFT + ((WIDTH - LEFT - 10) * (Math.min(period.to, Math.max(period.from, cycle)) - period.from)) / span;
  const colour = new Map(
    threads.map((name, index) => [name, `hsl(${Math.round((index * GOLDEN) % 360)} 60% 60%)`]),
  );
  const height = TOP + LANE * harts.length + 30;
  const lanes = harts.flatMap(({ hart, slices }, row) => {
    const y = TOP + LANE * row;
    const bars = slices.map(({ name, start, end }) => {
      const width = Math.max(0.3, x(end) - x(start)).toFixed(2);
      const at = `x="${x(start).toFixed(2)}" y="${y}" width="${width}" height="${BAR}"`;
      return `<rect ${at} fill="${colour.get(name)}"><title>${name}: ${start} to ${end}</title></rect>`;
    });
    return [svgText(8, y + 13, `hart ${hart}`), ...bars];
  });
  const bottom = TOP + LANE * harts.length;
  const ticks = Array.from({ length: TICKS }, (_, index) => {
    const cycle = Math.round(period.from + (index * span) / (TICKS - 1));
    const left = x(cycle);
    const anchor = index === TICKS - 1 ? 'text-anchor="end"' : '';
    return `<line x1="${left}" x2="${left}" y1="${TOP - 4}" y2="${bottom}" stroke="#ccc"/>${svgText(left, bottom + 14, cycle.toLocaleString('en'), anchor)}`;
  });
  return plainSvg(WIDTH, height, title, [...ticks, ...lanes]);
}
