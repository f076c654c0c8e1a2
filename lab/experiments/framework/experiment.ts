/**
 * What an experiment is: data. Factors span a sweep, each cell of it is measured on machines of its own and
 * gives rows, and claims are judged from the rows alone. Nothing here knows how cells are spread over
 * threads or how rows are drawn.
 */
import type { KindChoices, OwnKind } from '../../load/load-kind.ts';
import type { Band } from './band.ts';

/** A value of a row; null where it could not be measured. */
export type Value = number | string | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** A point of the sweep: one value of each factor. Plain data, so that it can go to another thread. */
export type Cell = Readonly<Record<string, number | string>>;

/** The values that one factor of a sweep takes; `--set NAME=a,b,…` replaces them. */
export interface Factor {
  readonly summary: string;
  readonly values: readonly (number | string)[];
  /** A few of the values, for a first look. */
  readonly quick: readonly (number | string)[];
  /** For numbers: what else they may be. Texts are one of `values`. */
  readonly range?: { readonly min: number; readonly max: number };
}

/** A number that is the same for the whole sweep; `--set NAME=n` replaces it. */
export interface ExperimentParameter {
  readonly summary: string;
  readonly default: number;
  readonly quick: number;
  readonly min: number;
  readonly max: number;
}

/** How an experiment is carried out: plain data, like a cell. */
export interface Settings {
  readonly seed: number;
  readonly parameters: Readonly<Record<string, number>>;
  /** Values of every factor. */
  readonly factors: Readonly<Record<string, readonly (number | string)[]>>;
  /** Fields of every machine that were set by hand, by path. */
  readonly machine: Readonly<Record<string, string>>;
  /** Files of the user's own whose kinds are measured, too; each thread loads them by itself. */
  readonly files?: KindChoices;
}

export interface Column {
  readonly key: string;
  readonly summary: string;
  readonly unit?: string;
  /** Decimals to print; none if left out. */
  readonly digits?: number;
}

/** A table for a terminal of 80 columns: all rows, or one value spread over the values of a factor. */
export interface TableView {
  readonly title: string;
  /** Makes the rows that are shown from those that were measured. Default: these. */
  readonly from?: (rows: readonly Row[]) => readonly Row[];
  /** Columns that name a line of the table. */
  readonly down: readonly string[];
  /** A factor whose values become columns, and the column shown below them. */
  readonly across?: { readonly key: string; readonly show: string };
  /** Without `across`: the columns shown after `down`. */
  readonly show?: readonly string[];
  /** Which rows are shown; all if left out. */
  readonly where?: (row: Row, rows: readonly Row[]) => boolean;
}

/** A figure: lines over a factor, in panels. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly x: { readonly key: string; readonly label: string; readonly scale: 'linear' | 'log2' | 'point' };
  readonly y: { readonly key: string; readonly label: string; readonly scale: 'linear' | 'log' };
  /** The column whose values are the lines, and its name for the legend. */
  readonly series: { readonly key: string; readonly label: string };
  /** Columns whose values are the panels, side by side and one below the other. */
  readonly panelsAcross?: string;
  readonly panelsDown?: string;
  readonly where?: (row: Row, rows: readonly Row[]) => boolean;
}

/** What somebody said, with the tag that tells how well it is known (F: found in the text, M: from memory, …). */
export interface PaperFigure {
  readonly value: number | string;
  readonly tag: string;
}

/** What a claim's measurement found: a number that its band judges, and a remark. */
export interface Finding {
  readonly value: number;
  readonly note?: string;
}

/** A statement that the measured rows bear out or not. */
export interface Claim {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly paper: PaperFigure | null;
  readonly band: Band;
  /**
   * The number that the band judges.
   * @throws NotMeasured when a row that it needs is missing
   */
  readonly measured: (rows: readonly Row[]) => number | Finding;
}

export interface Experiment {
  readonly id: string;
  /** One line for `eddy list experiments`. */
  readonly summary: string;
  readonly question: string;
  readonly sources: readonly string[];
  readonly factors: Readonly<Record<string, Factor>>;
  readonly parameters: Readonly<Record<string, ExperimentParameter>>;
  /** Fields of the machine that the sweep itself chooses: `--set` cannot. */
  readonly chooses: readonly string[];
  /** Which combinations of the factors make sense; all if left out. */
  readonly includes?: (cell: Cell, settings: Settings) => boolean;
  readonly columns: readonly Column[];
  /**
   * Measures one cell; the same cell and settings always give the same rows. The cell's own values are put
   * in front of each row.
   * @throws NotMeasured when this build has no such machine
   */
  readonly measure: (cell: Cell, settings: Settings) => Row | readonly Row[];
  readonly claims: readonly Claim[];
  readonly tables: readonly TableView[];
  readonly figures: readonly Figure[];
  /** The factors of which a kind of the user's own can be a further value: the experiment with that kind. */
  readonly takes?: {
    readonly lock?: (own: OwnKind<'lock'>) => Experiment;
    readonly barrier?: (own: OwnKind<'barrier'>) => Experiment;
  };
  /** The user's own kinds that are values, by factor. They are measured whatever else is chosen. */
  readonly own?: Readonly<Record<string, string>>;
}
