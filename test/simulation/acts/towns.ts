import type { Agent } from '../../../core/town/agent.ts';
import { acknowledgeEscalation } from '../../../lambdas/api/agents/acknowledge.ts';
import { nudgeAgent, resetAgent, stopAgent } from '../../../lambdas/api/agents/acts.ts';
import { withTown } from '../../../lambdas/api/access.ts';
import { ensureMayor } from '../../../lambdas/api/mayor/ensure.ts';
import { writeToMayor } from '../../../lambdas/api/mayor/write.ts';
import { setLifecycle } from '../../../lambdas/api/town/set-lifecycle.ts';
import { deleteTown } from '../../../lambdas/api/transfer/delete-town.ts';
import { USER } from '../../contract/loop/world.ts';
import type { Act, Acting } from './act.ts';

const busyAgent = ({ town, choices }: Acting): Agent | undefined =>
  choices.maybeOne([...town.live.agent.values()].filter(({ status }) => status !== 'idle'));

export const townActs = {
  pause: ({ deps, town }) => setLifecycle(deps, USER, town.head.id, 'paused'),
  resume: ({ deps, town }) => setLifecycle(deps, USER, town.head.id, 'active'),
  deleteTown: ({ deps, town, choices, request }) =>
    choices.chance(0.2) ? deleteTown(deps, USER, town.head.id, request) : undefined,
  changeSettings: ({ deps, town, choices }) =>
    withTown(deps.store, USER, town.head.id, (read) => {
      const { rev: _, ...config } = read.config;
      const next = { ...config, maxPolecatsPerRig: choices.int(1, 4) };
      const edit = { rule: 'api/config', subject: { kind: 'town', id: town.head.id }, by: USER.id } as const;
      return deps.store.edit(read, { ...edit, reason: 'settings changed', config: next }, deps.now());
    }),
  stopAgent: (acting) => {
    const agent = busyAgent(acting);
    return agent && stopAgent(acting.deps, USER, acting.town.head.id, agent.id);
  },
  resetAgent: (acting) => {
    const agent = busyAgent(acting);
    return agent && resetAgent(acting.deps, USER, acting.town.head.id, agent.id);
  },
  nudgeAgent: (acting) => {
    const agent = busyAgent(acting);
    const mode = acting.choices.one(['wait-idle', 'immediate', 'queue'] as const);
    return agent && nudgeAgent(acting.deps, USER, acting.town.head.id, agent.id, { message: 'Hurry.', mode });
  },
  acknowledge: (acting) => {
    const escalation = acting.choices.maybeOne([...acting.town.live.escalation.values()]);
    return escalation && acknowledgeEscalation(acting.deps, USER, acting.town.head.id, escalation.id);
  },
  ensureMayor: ({ deps, town }) => ensureMayor(deps, USER, town.head.id),
  writeToMayor: ({ deps, town, request }) =>
    writeToMayor(deps, USER, town.head.id, { message: 'How is it going?' }, request),
} as const satisfies Record<string, Act>;
