import * as z from 'zod';
import { attemptEntry, type AttemptEntry } from '../../../core/town/history.ts';
import { EXAMPLE_IDS, usage, usageExample } from './shared.ts';
import { iso, time } from './times.ts';

const { role, subject } = attemptEntry.shape;

export const attempt = z
  .strictObject({
    id: z.string(),
    subject: subject.strict().meta({ description: 'The bead, or the merge request that was reviewed' }),
    attempt: z.number().int().meta({ description: "The bead's own count; 0 for a review" }),
    agentId: z.string(),
    agentName: z.string(),
    role,
    branch: z.string().nullable(),
    startedAt: time,
    endedAt: time.nullable().meta({ description: 'Null while the session is at work' }),
    outcome: z.string().meta({
      description:
        '`running`, `done`, `approved`, `changes_requested`, `cancelled`, `stopped`, `lost` or `failed`',
    }),
    reason: z.string(),
    usage,
    transcriptUrl: z.string().nullable().meta({ description: 'Presigned; null: no transcript was kept' }),
    gateOutputUrl: z.string().nullable().meta({ description: 'Presigned; null: no gate output was kept' }),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Attempt', description: 'One session of an agent at a bead, or at its review' });

/** Of a session that has ended, or one at work: that has no end. */
export type Session = Omit<AttemptEntry, 'kind' | 'endedAt'> & { readonly endedAt?: number };

export const attemptId = ({ agentId, session }: Pick<Session, 'agentId' | 'session'>): string =>
  `${agentId}-${session}`;

export const presentAttempt = (session: Session): z.infer<typeof attempt> => ({
  id: attemptId(session),
  subject: session.subject,
  attempt: session.attempt,
  agentId: session.agentId,
  agentName: session.agentName,
  role: session.role,
  branch: session.branch ?? null,
  startedAt: iso(session.startedAt),
  endedAt: session.endedAt === undefined ? null : iso(session.endedAt),
  outcome: session.outcome,
  reason: session.reason,
  usage: session.usage,
  transcriptUrl: null,
  gateOutputUrl: null,
  createdAt: iso(session.startedAt),
  updatedAt: iso(session.endedAt ?? session.startedAt),
});

export const attemptExample: z.infer<typeof attempt> = {
  id: `${EXAMPLE_IDS.agent}-3`,
  subject: { kind: 'bead', id: EXAMPLE_IDS.bead },
  attempt: 1,
  agentId: EXAMPLE_IDS.agent,
  agentName: 'Toast',
  role: 'polecat',
  branch: 'convoy/a-cart-with-totals/a1e25e05/gt/toast/c2ab3c03',
  startedAt: '2026-01-05T09:10:00.000Z',
  endedAt: '2026-01-05T09:30:00.000Z',
  outcome: 'done',
  reason: 'verified: 2 commits on its branch',
  usage: usageExample,
  transcriptUrl: null,
  gateOutputUrl: null,
  createdAt: '2026-01-05T09:10:00.000Z',
  updatedAt: '2026-01-05T09:30:00.000Z',
};
