/** Last come, first served. */
import { type Code, load } from 'eddy-os/isa';
import { type Discipline, THREAD } from 'eddy-os/scheduling';

function* rank(_target: number, thread: number): Code<number> {
  return yield load(thread + THREAD.readySince);
}

export default {
  name: 'lifo',
  summary: 'The thread that has become ready last is next.',
  degree: 'shared',
  rank,
} satisfies Discipline;
