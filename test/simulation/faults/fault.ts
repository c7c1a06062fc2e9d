import type { JobSpec } from '../../../core/protocol/job.ts';
import type { JobResult } from '../../../core/protocol/job.ts';
import type { AgentSpec } from '../../../core/protocol/sync.ts';
import type { Deed, ForgeFault } from '../../contract/loop/model-forge.ts';
import type { Ending } from '../../contract/loop/model-container.ts';
import type { Call, Fault as CallFault } from '../../contract/loop/port-calls.ts';
import type { Choices } from '../random.ts';
import type { TableCall, TableFault } from '../table/model-table.ts';

/** What a fault of a kind can do; each is asked at its own places, and says undefined when nothing happens. */
export interface Fault {
  /** Of faults.md. */
  readonly of: readonly `F${number}`[];
  readonly table?: (call: TableCall, choices: Choices) => TableFault | undefined;
  readonly call?: (call: Call, choices: Choices) => CallFault | undefined;
  /** When the copies of a message arrive, in milliseconds; none: it is lost. */
  readonly delivery?: (choices: Choices) => readonly number[];
  readonly run?: (choices: Choices) => 'refused' | 'answerLost' | 'late' | undefined;
  /** Null: the task hangs. */
  readonly startMs?: (choices: Choices) => number | null;
  readonly ending?: (agent: AgentSpec, choices: Choices) => Ending | undefined;
  /** The session of the agent never starts. */
  readonly neverStarts?: true;
  readonly job?: (job: JobSpec, choices: Choices) => JobResult | undefined;
  /** How a call of the forge fails. */
  readonly forge?: (call: 'open' | 'observe' | 'merge', choices: Choices) => ForgeFault | undefined;
  /** What people and checks do with a pull request when they look at it, instead of approving it. */
  readonly deed?: (choices: Choices) => Deed;
  /** Body of a message that comes from nowhere. */
  readonly poison?: (townId: string, choices: Choices) => string;
  /** The task of a town ends without a word. */
  readonly killsTask?: true;
  /** How far clocks are off, in milliseconds, at most. */
  readonly clockOffsetMs?: number;
  /** How far the index of due towns is behind, in milliseconds, at most. */
  readonly indexDelayMs?: number;
  /** For so long, its rate is one half. */
  readonly stormMs?: number;
}
