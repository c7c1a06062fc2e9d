import type { Town } from '../client/api.generated.ts';
import { ApiRefusal } from '../client/refusal.ts';
import { Unreachable } from '../client/unreachable.ts';
import type { Context } from '../context.ts';
import { readPages } from '../find/all-pages.ts';
import { oneLine } from '../render/printable.ts';
import { note, ok, problem, type Finding } from './finding.ts';
import { checkSettings } from './settings.ts';
import { checkStatus } from './status.ts';
import { checkToken } from './token.ts';
import { checkWaits } from './waits.ts';

export type TownFinding = Finding & { readonly town?: string };

/** Whoever has more asks for one of them. */
const MAX_TOWNS = 20;

/**
 * From what everything depends on to the single town: what cannot be known any more is left out.
 * @param now milliseconds since 1970
 * @throws UsageError when nothing says where the API is
 */
export async function examine(context: Context, now: number): Promise<TownFinding[]> {
  const { url, isLocal } = context.connection();
  const { api } = context;
  const findings: TownFinding[] = [];
  try {
    const { version } = await api.getHealth();
    findings.push(ok(`the API answers at ${url} (version ${version})`));
  } catch (error) {
    if (error instanceof Unreachable) {
      const advice = isLocal
        ? 'nothing runs there any more: npm start'
        : 'look at the address (--url, GASTOWN_URL) and at the network';
      return [problem(error.message, advice)];
    }
    if (!(error instanceof ApiRefusal)) throw error;
    return [problem(`${url} is no API of a town: ${error.message}`, 'look at the address')];
  }
  const ofToken = checkToken(await context.token(), now, isLocal);
  findings.push(ofToken);
  if (ofToken.level === 'problem') return findings;
  let towns: Town[];
  try {
    towns = context.isTownNamed
      ? [await context.town()]
      : (await readPages((page) => api.listTowns(page), MAX_TOWNS)).items;
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.problem.status !== 401) throw error;
    return [...findings, problem('the API does not take the token', 'gastown login, or set GASTOWN_TOKEN')];
  }
  if (towns.length === 0) findings.push(note('there is no town', 'gastown towns create "My town"'));
  for (const town of towns) {
    const name = oneLine(town.name);
    const found = await examineTown(context, town, now);
    findings.push(...found.map((finding) => ({ town: name, ...finding })));
  }
  return findings;
}

async function examineTown({ api }: Context, { id: townId }: Town, now: number): Promise<Finding[]> {
  const [status, waits, settings, rigs] = await Promise.all([
    api.getStatus({ townId }),
    api.explainWaits({ townId }),
    api.getTownConfig({ townId }),
    api.listRigs({ townId, limit: 1 }),
  ]);
  return [
    ...checkStatus(status, now),
    ...checkSettings(settings.config, rigs.items.length),
    ...checkWaits(waits.items),
  ];
}
