import { NoCapacity, Unavailable } from '../../../core/errors.ts';
import type { StoppedTask, Tasks } from '../../../core/ports.ts';
import { seconds } from '../../../core/town/instant.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface TaskKey {
  readonly townId: string;
  readonly epoch: number;
}
/** What runs in a task; `end` is a kill without a word. */
export interface Program {
  end(): void;
}

export interface PlatformBehaviour {
  /** How the nth RunTask ends, from 1: nothing started, started and not said so, or not yet: 45 s later. */
  readonly run?: (nth: number) => 'refused' | 'answerLost' | 'late' | undefined;
  /** From RunTask to the first instruction; undefined: it hangs and never does anything. */
  readonly startMs?: (nthTask: number) => number | undefined;
  /** Does the platform tell the town when a task has stopped? @default yes */
  readonly isSilent?: boolean;
}

interface Task {
  state: 'starting' | 'running' | 'stopping' | 'stopped';
  program: Program | undefined;
  stopped: StoppedTask | undefined;
}

export interface PlatformOptions {
  readonly time: VirtualTime;
  readonly behaviour: PlatformBehaviour;
  readonly boot: (key: TaskKey, exit: (exitCode: number) => void) => Program;
  readonly onStopped: (key: TaskKey, stopped: StoppedTask) => void;
}

const START_MS = seconds(20);
const STOP_MS = seconds(3);
const LATE_MS = seconds(45);

/** A platform for tasks as ECS is one: a start is known by its epoch; a stop takes a while; a task may die at any time. */
export class ModelPlatform implements Tasks {
  /** RunTask calls. */
  runs = 0;
  /** Tasks that were really started, by town and epoch. */
  readonly starts: TaskKey[] = [];
  /** Tasks that were started while another one of their town had not stopped. */
  readonly overlaps: TaskKey[] = [];
  /** When the last task stopped. */
  lastStoppedAt = 0;
  readonly #options: PlatformOptions;
  readonly #tasks = new Map<string, Task>();

  constructor(options: PlatformOptions) {
    this.#options = options;
  }

  async run(key: TaskKey): Promise<{ taskArn: string }> {
    this.runs += 1;
    const { behaviour, time } = this.#options;
    const fault = behaviour.run?.(this.runs);
    if (fault === 'refused') throw new NoCapacity('no capacity');
    if (fault === 'late') {
      time.after(LATE_MS, () => this.#start(key));
      throw new Unavailable('the call timed out');
    }
    this.#start(key);
    if (fault === 'answerLost') throw new Unavailable('the connection was reset');
    return { taskArn: `arn:task/${idOf(key)}` };
  }

  async stop(key: TaskKey & { reason: string }): ReturnType<Tasks['stop']> {
    const task = this.#tasks.get(idOf(key));
    if (task === undefined) return { state: 'absent' };
    if (task.stopped !== undefined) return { state: 'stopped', stopped: task.stopped };
    if (task.state !== 'stopping') {
      task.state = 'stopping';
      this.#options.time.after(STOP_MS, () => this.#ended(key, task, { reason: key.reason, exitCode: 0 }));
    }
    return { state: 'stopping' };
  }

  /** The one that runs of a town, if any, ends at once without a word of its own. */
  kill(townId: string): boolean {
    for (const [id, task] of this.#tasks) {
      if (!id.startsWith(`${townId}/`) || task.stopped !== undefined) continue;
      this.#ended({ townId, epoch: Number(id.slice(townId.length + 1)) }, task, {
        reason: 'Spot interruption',
      });
      return true;
    }
    return false;
  }

  program(key: TaskKey): Program | undefined {
    return this.#tasks.get(idOf(key))?.program;
  }

  /** Tasks that have not stopped. */
  get alive(): string[] {
    return [...this.#tasks].filter(([, task]) => task.stopped === undefined).map(([id]) => id);
  }

  #start(key: TaskKey): void {
    const { behaviour, time } = this.#options;
    if (this.#tasks.has(idOf(key))) return;
    if (this.alive.some((id) => id.startsWith(`${key.townId}/`))) this.overlaps.push(key);
    const task: Task = { state: 'starting', program: undefined, stopped: undefined };
    this.#tasks.set(idOf(key), task);
    this.starts.push(key);
    const startMs = behaviour.startMs === undefined ? START_MS : behaviour.startMs(this.starts.length);
    if (startMs !== undefined) time.after(startMs, () => this.#boot(key, task));
  }

  #boot(key: TaskKey, task: Task): void {
    if (task.state !== 'starting') return;
    task.state = 'running';
    task.program = this.#options.boot(key, (exitCode) =>
      this.#ended(key, task, { reason: 'it exited', exitCode }),
    );
  }

  #ended(key: TaskKey, task: Task, stopped: StoppedTask): void {
    if (task.stopped !== undefined) return;
    task.state = 'stopped';
    this.lastStoppedAt = this.#options.time.now;
    task.stopped = stopped;
    task.program?.end();
    task.program = undefined;
    if (this.#options.behaviour.isSilent !== true) this.#options.onStopped(key, stopped);
  }
}

const idOf = ({ townId, epoch }: TaskKey): string => `${townId}/${epoch}`;
