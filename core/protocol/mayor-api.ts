import * as z from 'zod';
import { MAX_STEPS } from '../town/molecule.ts';
import { beadStatus, priority } from '../town/bead.ts';
import { mergeMode } from '../town/config/merge-mode.ts';
import { messageMode } from './sync.ts';

/**
 * The mayor's tools: POST /v1/agent/mayor/<path>, with the tool's arguments as the model wrote them. One schema serves both ends:
 * the plugin offers it to the model, the route checks it again.
 */
export interface MayorTool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly path: string;
  readonly description: string;
  readonly body: z.ZodObject<Shape, z.core.$strict>;
}

const id = z.string().min(1).max(128);
const beadId = id.describe('Id of the bead.');
const convoyId = id.describe('Id of the convoy.');
const agentId = id.describe('Id of the agent, from gt_list_agents.');
const rigId = id.describe('Id of the rig, from gt_list_rigs.');
const title = z.string().trim().min(1).max(200).describe('What is to be done, as a short command.');
/** Twice as many bytes are still stored; the limit in bytes is the town's. */
const body = z
  .string()
  .max(64 * 1024)
  .describe('All that the worker has to know: it sees nothing else and cannot ask.');
const labels = z.array(z.string().min(1).max(64)).max(50);
const reason = z.string().max(1000).describe('Why; people read it.');

const tool = <const Path extends string, Shape extends z.ZodRawShape>(
  path: Path,
  description: string,
  shape: Shape,
): MayorTool<Shape> & { readonly path: Path } => ({ path, description, body: z.strictObject(shape) });

export const mayorTools = {
  gt_sling: tool('sling', 'Makes one bead. A worker takes it as soon as nothing stands in its way.', {
    rig_id: rigId,
    title,
    body: body.optional(),
    priority: priority.optional(),
    labels: labels.optional(),
    depends_on: z.array(id).max(50).optional().describe('Beads that must be merged before it starts.'),
    held: z.boolean().optional().describe('It waits until gt_bead_start, or until a person starts it.'),
    steps: z
      .array(z.strictObject({ title, instructions: z.string().trim().min(1).max(500).optional() }))
      .min(1)
      .max(MAX_STEPS)
      .optional()
      .describe('Stages that one worker goes through one after another, on one branch.'),
  }),
  gt_sling_batch: tool(
    'sling-batch',
    'Makes a convoy: several beads that belong together, and their order.',
    {
      rig_id: rigId,
      convoy_title: z.string().trim().min(1).max(200).describe('What the beads are for, as a whole.'),
      tasks: z
        .array(
          z.strictObject({
            title,
            body: body.optional(),
            depends_on: z
              .array(z.number().int().min(0))
              .max(50)
              .optional()
              .describe('Places in this list, from 0, of what must be merged before it starts.'),
          }),
        )
        .min(1)
        .max(50),
      merge_mode: mergeMode
        .optional()
        .describe(
          'review-then-land: all of them land together at the end. review-and-merge: each by itself.',
        ),
      parallel: z
        .boolean()
        .optional()
        .describe('Needed for several tasks of which none depends on another. Rarely right.'),
      staged: z.boolean().optional().describe('Nothing starts before gt_convoy_start.'),
    },
  ),
  gt_list_rigs: tool('list-rigs', 'Lists the repositories that the town works on.', {}),
  gt_list_beads: tool(
    'list-beads',
    'Lists beads, the newest first; without a status those that have not ended.',
    {
      rig_id: rigId.optional(),
      convoy_id: convoyId.optional(),
      status: beadStatus.optional(),
      label: z.string().min(1).max(64).optional(),
    },
  ),
  gt_list_agents: tool('list-agents', 'Lists the agents of the town and what they work on.', {
    rig_id: rigId.optional(),
  }),
  gt_list_convoys: tool('list-convoys', 'Lists convoys, the newest first.', {
    is_open: z.boolean().optional().describe('true: only those that have not ended.'),
  }),
  gt_convoy_status: tool('convoy-status', 'Shows a convoy, its beads, and what each waits for.', {
    convoy_id: convoyId,
  }),
  gt_convoy_start: tool('convoy-start', 'Starts a staged convoy.', { convoy_id: convoyId }),
  gt_convoy_close: tool(
    'convoy-close',
    'Gives a convoy up: what is unfinished is cancelled, and nothing of it lands any more.',
    { convoy_id: convoyId, reason: reason.optional() },
  ),
  gt_convoy_add_bead: tool('convoy-add-bead', 'Adds a bead that nobody has begun to a convoy.', {
    convoy_id: convoyId,
    bead_id: beadId,
    depends_on: z.array(id).max(50).optional().describe('Beads of the convoy that it needs.'),
  }),
  gt_convoy_remove_bead: tool(
    'convoy-remove-bead',
    'Takes a bead that failed, or that nobody has begun, out of a convoy.',
    { convoy_id: convoyId, bead_id: beadId },
  ),
  gt_bead_update: tool('bead-update', 'Changes a bead. Lists that are given replace the old ones.', {
    bead_id: beadId,
    title: title.optional(),
    body: body.optional(),
    priority: priority.optional(),
    labels: labels.optional(),
    depends_on: z
      .array(id)
      .max(50)
      .optional()
      .describe('All that it depends on from now on; [] for nothing.'),
  }),
  gt_bead_start: tool('bead-start', 'Starts a bead that is held.', { bead_id: beadId }),
  gt_bead_cancel: tool('bead-cancel', 'Ends a bead without its work.', {
    bead_id: beadId,
    as: z
      .enum(['closed', 'failed'])
      .describe('closed: what depends on it may start. failed: what depends on it stays blocked.'),
    reason: reason.optional(),
  }),
  gt_bead_reopen: tool('bead-reopen', 'Asks for an ended bead anew; its branch is gone on with.', {
    bead_id: beadId,
  }),
  gt_agent_reset: tool('agent-reset', 'Ends the session of an agent; its work starts again in a fresh one.', {
    agent_id: agentId,
  }),
  gt_nudge: tool('nudge', 'Says something to an agent at work.', {
    agent_id: agentId,
    message: z.string().trim().min(1).max(4000),
    mode: messageMode
      .optional()
      .describe(
        'wait-idle (usual): after its turn. immediate: in the middle of it. queue: with whatever it is told next.',
      ),
  }),
  gt_escalation_acknowledge: tool('escalation-acknowledge', 'Marks an escalation as dealt with.', {
    escalation_id: id.describe('Id of the escalation, from gt_status.'),
  }),
  gt_status: tool(
    'status',
    'Shows the town at a glance: container, agents, beads, convoys, escalations.',
    {},
  ),
  gt_why: tool('why', 'Says for everything that does not move what it waits for, and who has to act.', {
    bead_id: beadId.optional(),
  }),
  gt_config_read: tool('config-read', 'Shows the settings that hold for the town, or for one of its rigs.', {
    rig_id: rigId.optional(),
  }),
} as const;

export type MayorToolName = keyof typeof mayorTools;
export type MayorToolInput<Name extends MayorToolName> = z.output<(typeof mayorTools)[Name]['body']>;

/** Stands before the JSON in the output of each of the mayor's tools. */
export const ANSWER_LABEL = 'The answer (JSON)';

/** The header that says which call this is: a repeated one makes nothing twice. */
export const CALL_KEY_HEADER = 'idempotency-key';

/**
 * `<UUIDv7>` or `<UUIDv7>.<what>`: the time of the id is the time of what the call makes, so that the same key always names the
 * same records. The mayor's calls in answer to a message carry that message's id, whichever session answers it.
 */
export const callKey = z
  .string()
  .max(128)
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(\.[0-9a-z-]+)?$/);
