import type { Agent } from '../client/api.generated.ts';
import { shortId } from '../render/id.ts';
import { state } from '../render/state.ts';
import type { Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { relative } from '../render/time.ts';
import { spaced } from '../render/words.ts';

export const agentsTable = (style: Style, agents: readonly Agent[]): string =>
  table(
    style,
    [
      { title: 'AGENT' },
      { title: 'NAME', isFlexible: true },
      { title: 'ROLE' },
      { title: 'STATE' },
      { title: 'WORKS ON' },
      { title: 'DISPATCHED' },
      { title: 'SESSIONS', isNumber: true },
    ],
    agents.map(({ id, name, role, status, hook, dispatchedAt, attempt }) => [
      shortId(id),
      name,
      role,
      state(style, status),
      hook === null ? '-' : `${spaced(hook.kind)} ${shortId(hook.id)}`,
      relative(style, dispatchedAt),
      `${attempt}`,
    ]),
  );
