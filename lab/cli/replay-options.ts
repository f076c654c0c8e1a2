/** The options of every command that can run a program by a schedule. */
import type { Command } from 'commander';
import { hartCount } from '../../hw/config.ts';
import { Actors } from '../../hw/sequencer/actors.ts';
import type { RunPlan } from '../run/plan.ts';
import { UsageError } from './exit.ts';

export interface ReplayOptions {
  readonly replay?: string;
  readonly events?: boolean;
}

/** Adds them to a command. */
export const addReplayOptions = (command: Command): Command =>
  command
    .option('--replay <schedule>', 'let a schedule that eddy explore printed decide who acts')
    .option('--events', 'with --replay: the schedule was found with --events');

/**
 * The plan with the schedule of `--replay`.
 * @throws UsageError when the text is no schedule for this machine
 */
export async function withSchedule(plan: RunPlan, { replay, events }: ReplayOptions): Promise<RunPlan> {
  if (replay === undefined) {
    if (events) throw new UsageError('--events: goes with --replay, as eddy explore printed it');
    return plan;
  }
  const { parseSchedule } = await import('../explore/schedule.ts');
  const actors = new Actors(hartCount(plan.config), plan.config.nodes);
  return { ...plan, schedule: parseSchedule(replay, actors), choosesEvents: events === true };
}
