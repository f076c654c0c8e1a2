/**
 * Lives of a file system: agents on several harts do as they like, each in a directory of its own; the machine is switched
 * off and on again in between. Each answer must be the model's, e2fsck must find nothing, and what the image holds in the
 * end must be what the model holds. (Invariant 9.)
 */
import { addressOf, type Code } from '../../../../hw/isa/index.ts';
import { presetConfig } from '../../../../hw/presets.ts';
import { errorName, MAP } from '../../../../kernel/abi/index.ts';
import { checkInvariants } from '../../../../kernel/index.ts';
import { runKernel } from '../../../../lab/testing/run-kernel.ts';
import { filesByLrpc, filesByPpc } from '../../../../userland/files/attach.ts';
import { FileSystem } from '../../../../userland/files/file-system.ts';
import { Env } from '../../../../userland/runtime/env.ts';
import { mmap, threadSpawn } from '../../../../userland/runtime/system-calls.ts';
import { joinThread } from '../../../../userland/runtime/thread.ts';
import { fileServers } from '../../../../userland/servers/index.ts';
import { Agent, Dice, drawOperation, MOST_MOVED } from './agent.ts';
import { check, treeOf } from './ext2-image.ts';
import { type Answer, Model, type Operation } from './model.ts';

export interface Life {
  readonly image: Uint8Array;
  readonly preset: string;
  readonly harts: number;
  readonly seed: number;
  /** Operations of each agent, in each of two sessions. */
  readonly operations: number;
  readonly byPpc?: boolean;
}

const SESSIONS = 2;
const SECTOR = 512;

interface Task {
  readonly operation: Operation;
  readonly wanted: Answer;
  found?: Answer;
}

/** What goes wrong; undefined if nothing does. */
export function whatGoesWrong(life: Life): string | undefined {
  const models = Array.from({ length: life.harts }, () => new Model());
  let { image } = life;
  for (let session = 0; session < SESSIONS; session++) {
    const tasks = models.map((model, agent) => tasksOf(model, life, session * life.harts + agent));
    const ran = runSession(life, image, tasks, session === 0);
    image = ran.disk;
    const wrong = ran.wrong ?? differs(models, image);
    if (wrong !== undefined) return `session ${session}: ${wrong}`;
    for (const model of models) model.restart();
  }
  return undefined;
}

function tasksOf(model: Model, { seed, operations, byPpc }: Life, which: number): Task[] {
  const dice = new Dice(seed + 7919 * which);
  return Array.from({ length: operations }, () => {
    const operation = drawOperation(dice, byPpc !== true);
    return { operation, wanted: model.carryOut(operation) };
  });
}

function runSession(
  { harts, preset, seed, byPpc }: Life,
  image: Uint8Array,
  tasks: readonly Task[][],
  first: boolean,
): { readonly disk: Uint8Array; readonly wrong: string | undefined } {
  const by = byPpc ? filesByPpc : filesByLrpc;
  const disk = { blocks: image.length / SECTOR, seek: 20_000, transfer: 500 };
  const config = presetConfig(preset, { harts, seed, set: { memoryPerNode: 16 << 20, disk } });
  function* agent(index: number, block: number): Code<number> {
    const env = new Env(block);
    const binding = yield* FileSystem.attach(by, env);
    if (binding < 0) return 1;
    const files = yield* FileSystem.at(by, binding, env);
    const buffer = yield* mmap(0, MOST_MOVED, MAP.READ | MAP.WRITE, 0);
    if (first) yield* files.mkdir(`/t${index}`);
    const self = new Agent(files, `/t${index}`, buffer);
    for (const task of tasks[index] ?? []) task.found = yield* self.carryOut(task.operation);
    return 0;
  }
  function* main(_argument: number, block: number): Code<number> {
    const others: number[] = [];
    for (let index = 1; index < harts; index++)
      others.push(yield* threadSpawn(yield addressOf(agent), index, index));
    let failed = yield* agent(0, block);
    for (const thread of others) failed += yield* joinThread(new Env(block), thread);
    return failed;
  }
  const ran = runKernel(main, { config, disk: image, servers: fileServers, steps: 200_000_000 });
  return { disk: ran.disk, wrong: wrongIn(ran.stop, ran.output, tasks) ?? broken(ran.machine) };
}

function wrongIn(stop: unknown, output: string, tasks: readonly Task[][]): string | undefined {
  for (const [agent, list] of tasks.entries()) {
    const at = list.findIndex(({ found, wanted }) => found !== wanted);
    const task = list[at];
    if (task === undefined) continue;
    const said = [task.found, task.wanted].map((answer) =>
      typeof answer === 'number' && answer < 0 ? errorName(answer) : String(answer),
    );
    return `agent ${agent}, operation ${at}: ${JSON.stringify(task.operation)} gave ${said[0]}, not ${said[1]}; ${output}${JSON.stringify(stop)}`;
  }
  const how = JSON.stringify(stop);
  return how === JSON.stringify({ kind: 'halted', status: 0 }) && output === ''
    ? undefined
    : `${how} ${output}`;
}

const broken = (machine: Parameters<typeof checkInvariants>[0]): string | undefined =>
  checkInvariants(machine).find(({ ok }) => !ok)?.detail;

/** Where an image is not what the models hold. */
function differs(models: readonly Model[], image: Uint8Array): string | undefined {
  const checked = check(image);
  if (checked.status !== 0) return checked.text;
  const tree = treeOf(image);
  const wanted = new Map<string, Uint8Array | undefined>(
    models.flatMap((model, agent) =>
      [...model.tree()].map(([path, content]) => [`/t${agent}${path}`, content] as const),
    ),
  );
  for (const [path, content] of wanted) {
    if (!tree.has(path)) return `${path} is gone`;
    const found = tree.get(path);
    if (content !== undefined && (found === undefined || !same(found, content)))
      return `${path} has ${found?.length} bytes, or others, not ${content.length}`;
  }
  const more = [...tree.keys()].find((path) => /^\/t\d+\//.test(path) && !wanted.has(path));
  return more === undefined ? undefined : `${more} should not be there`;
}

const same = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
