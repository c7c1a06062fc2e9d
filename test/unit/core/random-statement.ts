import * as fc from 'fast-check';
import type { InboxStatement } from '../../../core/facts/inbox.ts';
import { triageAction } from '../../../core/town/triage-request.ts';
import { bead } from './town-builder.ts';

/** Of records that are there, of some that have ended, and of some that never were. */
const beadId = fc.constantFrom('b0', 'b1', 'b2', 'b3', 'gone', 'none');
const agentId = fc.constantFrom('x0', 'x1', 'x2', 'x3', 'none');
const mailId = fc.constantFrom('n0', 'n1', 'l0');
const said = { agentId, attempt: fc.constantFrom(0, 1) };
const convoyId = fc.constantFrom('k', 'l', 'none');
const by = fc.constant('ann');
const type = <T extends InboxStatement['type']>(name: T) => fc.constant(name);
const endedBead = fc
  .record({
    id: fc.constantFrom('gone', 'b0', 'b9'),
    status: fc.constantFrom('closed', 'failed'),
    convoyId: fc.constantFrom('k', 'l', 'none', undefined),
    blocker: beadId,
    outcome: fc.constantFrom('open', 'closed', 'failed'),
  })
  .map(({ id, status, convoyId: of, blocker, outcome }) =>
    bead(id, {
      status,
      attempt: 5,
      branch: `gt/${id}`,
      dependsOn: blocker === id ? [] : [{ id: blocker, outcome }],
      ...(of === undefined ? {} : { convoyId: of }),
    }),
  );
/** Any statement but the mayor's, of the records of a random town. */
export const randomStatement: fc.Arbitrary<InboxStatement> = fc.oneof(
  fc.record({ type: type('bead_reopened'), bead: endedBead, by }),
  fc.record({ type: type('bead_deleted'), beadId, by }),
  fc.record({ type: type('bead_started'), beadId, by }),
  fc.record({ type: type('bead_cancelled'), beadId, as: fc.constantFrom('closed', 'failed'), by }),
  fc.record({ type: type('convoy_started'), convoyId, by }),
  fc.record({ type: type('convoy_closed'), convoyId, by }),
  fc.record({ type: type('convoy_retried'), convoyId, by }),
  fc.record({
    type: type('convoy_bead_added'),
    convoyId,
    beadId,
    dependsOn: fc.array(beadId, { maxLength: 3 }),
    by,
  }),
  fc.record({ type: type('convoy_bead_removed'), convoyId, beadId, by }),
  fc.record({
    type: type('rig_removed'),
    rigId: fc.constantFrom('rig', 'none'),
    isForced: fc.boolean(),
    by,
  }),
  fc.record({ type: type('agent_stopped'), agentId, by }),
  fc.record({ type: type('agent_reset'), agentId, by }),
  fc.record({
    type: type('agent_nudged'),
    agentId,
    messageId: mailId,
    text: fc.constant('hello'),
    mode: fc.constantFrom('immediate', 'wait-idle', 'queue'),
    by,
  }),
  fc.record({
    type: type('agent_nudged'),
    agentId,
    messageId: mailId,
    text: fc.constant('hello'),
    mode: fc.constantFrom('wait-idle', 'queue'),
    by,
    from: fc.record(said),
    isUrgent: fc.boolean(),
    ttlSeconds: fc.constantFrom(1, 60),
  }),
  fc.record({
    type: type('agent_mailed'),
    ...said,
    to: agentId,
    messageId: mailId,
    text: fc.constant('hello'),
  }),
  fc.record({ type: type('agent_mail_read'), ...said, messageIds: fc.array(mailId, { maxLength: 3 }) }),
  fc.record({ type: type('agent_status_set'), ...said, text: fc.constant('reading') }),
  fc.record({
    type: type('agent_advanced'),
    ...said,
    beadId,
    step: fc.nat(2),
    summary: fc.constant('did it'),
  }),
  fc.record({ type: type('agent_checkpointed'), ...said, beadId, data: fc.constant('half') }),
  fc.record({
    type: type('triage_resolved'),
    agentId: fc.constantFrom('tri', 'x0', 'none'),
    attempt: fc.constantFrom(0, 1),
    requestId: fc.constantFrom('t0', 't1', 't2', 't3', 'none'),
    action: fc.constantFrom(...triageAction.options),
    notes: fc.constant('seen'),
  }),
  fc.record({
    type: type('agent_escalated'),
    escalationId: fc.constantFrom('e', 'f'),
    agentId,
    attempt: fc.constantFrom(0, 1),
    severity: fc.constantFrom('low', 'critical'),
    title: fc.constant('help'),
  }),
  fc.record({ type: type('escalation_acknowledged'), escalationId: fc.constantFrom('e', 'f', 'none'), by }),
  fc.record({ type: type('export_requested'), exportId: fc.constantFrom('1', '2'), by }),
);
