import { setTimeout as sleep } from 'node:timers/promises';
import type { ConvoyWithBeads, Operations, TownConfig } from '../client/api.generated.ts';
import { ApiRefusal } from '../client/refusal.ts';
import { shortId } from '../render/id.ts';
import { oneLine } from '../render/printable.ts';
import { createSteps, SmokeFailure, type StepResult } from './steps.ts';
import { createStillnessWatch } from './unexplained.ts';

const POLL_MS = 1_000;
/** Half a minute without work, and its container goes. */
const SLEEP_AFTER_MINUTES = 0.5;

export interface MainJob {
  readonly api: Operations;
  readonly gitUrl: string;
  readonly defaultBranch: string;
  /** Settings of the town, as its model and its tokens. */
  readonly config: TownConfig;
  /** For each of the two waits: until the work has landed, and until the town is idle. */
  readonly limitMs: number;
  /** The town stays. */
  readonly isKept: boolean;
  /** So that runs beside each other do not meet: files and names are made of it. */
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly say: (result: StepResult) => void;
  /** What is waited for, when that changes. */
  readonly sayProgress: (line: string) => void;
}

export interface MainJobResult {
  readonly isOk: boolean;
  readonly steps: readonly StepResult[];
  /** Of the town that is still there. */
  readonly townId?: string;
}

/** The file that a bead asks for. The scripted model follows the words, and another one understands them. */
const fileTask = (file: string, text: string): string => `write ${file}\n<<<\n${text}\n>>>\nrun cat ${file}`;

/**
 * What an installation is for, from a new town to merged work and an idle town, through its API alone. Never rejects but when `signal` is
 * aborted; a town whose work did not land stays for a look.
 */
export async function runMainJob(job: MainJob): Promise<MainJobResult> {
  const { api, runId, signal } = job;
  const { step, results } = createSteps(job.say);
  let townId: string | undefined;
  try {
    await step('the API answers', async () => [`version ${(await api.getHealth()).version}`, undefined]);
    await step('the token is taken', async () => {
      await api.listTowns({ limit: 1 });
      return ['towns can be listed', undefined];
    });
    const town = await step('a town is made', async () => {
      const config = {
        ...job.config,
        container: { sleepAfterMinutes: SLEEP_AFTER_MINUTES, ...job.config.container },
      };
      const made = await api.createTown({ name: `Smoke ${runId}`, config });
      return [`town ${shortId(made.id)}`, made];
    });
    townId = town.id;
    const at = { townId };
    const rig = await step('a repository is given to it', async () => {
      const made = await api.createRig(at, {
        name: 'smoke',
        gitUrl: job.gitUrl,
        defaultBranch: job.defaultBranch,
      });
      return [made.gitUrl, made];
    });
    const convoy = await step('two beads, one of which needs the other, wait to be started', async () => {
      const folder = `smoke/${runId}`;
      const made = await api.createConvoy(at, {
        rigId: rig.id,
        title: `Smoke ${runId}`,
        tasks: [
          { title: 'The first file', body: fileTask(`${folder}/first.txt`, 'first') },
          { title: 'The second file', body: fileTask(`${folder}/second.txt`, 'second'), dependsOn: [0] },
        ],
        staged: true,
      });
      const { items } = await api.explainWaits(at);
      const isSaid = made.items.every(({ id }) => items.some(({ subject }) => subject.id === id));
      if (!isSaid) throw new SmokeFailure('why does not say that they wait to be started');
      return [`convoy ${shortId(made.id)}`, made];
    });
    await step('they are done, reviewed and merged, and the convoy lands', async () => {
      await api.startConvoy({ ...at, convoyId: convoy.id });
      return [await landed(job, town.id, convoy.id), undefined];
    });
    await step('what it took is known', async () => {
      const { total } = await api.getCosts({ ...at, by: 'bead' });
      if (total.sessions === 0) throw new SmokeFailure('no session was counted');
      const tokens = total.inputTokens + total.outputTokens;
      return [
        `${total.sessions} sessions, ${tokens} tokens, ${total.containerMinutes.toFixed(1)} container minutes`,
        undefined,
      ];
    });
    await step('the town is idle: no container, and nothing that it waits for', async () => [
      await idle(job, town.id),
      undefined,
    ]);
    if (!job.isKept) {
      await step('the town goes with all that it kept', async () => [await gone(job, town.id), undefined]);
      townId = undefined;
    }
  } catch {
    signal.throwIfAborted();
  }
  const isOk = results.every((result) => result.isOk);
  return { isOk, steps: results, ...(townId === undefined ? {} : { townId }) };
}

/** Asks until `look` has an answer. @throws SmokeFailure with what was waited for last */
async function until(
  { limitMs, signal, sayProgress }: MainJob,
  look: () => Promise<{ readonly done: string } | { readonly waitsFor: string }>,
): Promise<string> {
  const end = performance.now() + limitMs;
  let said = '';
  for (;;) {
    const found = await look();
    if ('done' in found) return found.done;
    if (found.waitsFor !== said) sayProgress(found.waitsFor);
    said = found.waitsFor;
    if (performance.now() > end) throw new SmokeFailure(`not within ${limitMs / 1000} s: ${said}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function landed(job: MainJob, townId: string, convoyId: string): Promise<string> {
  const { api } = job;
  const stillness = createStillnessWatch();
  return until(job, async () => {
    const [convoy, { items: why }] = await Promise.all([
      api.getConvoy({ townId, convoyId }),
      api.explainWaits({ townId }),
    ]);
    const trouble = troubleOf(convoy);
    if (trouble !== undefined) throw new SmokeFailure(trouble);
    const [silent] = stillness.look(convoy.items, why);
    if (silent !== undefined)
      throw new SmokeFailure(`the bead "${oneLine(silent.title)}" stands still, and why does not say why`);
    const closed = convoy.items.filter(({ status }) => status === 'closed').length;
    if (convoy.state === 'landed') return { done: `${closed} beads closed` };
    // The rest of the town moves for the sake of these.
    const reasons = why.filter(({ subject }) => subject.kind === 'bead' || subject.kind === 'mergeRequest');
    const said = reasons.map(({ subject, reason }) => `${oneLine(subject.title)}: ${oneLine(reason)}`);
    return { waitsFor: `${closed} of ${convoy.items.length} closed; ${said.join('; ') || 'at work'}` };
  });
}

/** What will not change by itself. */
function troubleOf({ state, attention, items }: ConvoyWithBeads): string | undefined {
  const failed = items.find(({ status }) => status === 'failed');
  if (failed !== undefined)
    return `the bead "${oneLine(failed.title)}" failed: gastown beads show ${shortId(failed.id)} --attempts`;
  if (state !== 'needs_attention') return undefined;
  return `the convoy needs attention: ${oneLine(attention?.message ?? 'see gastown why')}`;
}

const idle = (job: MainJob, townId: string): Promise<string> =>
  until(job, async () => {
    const { container, dueAt } = await job.api.getStatus({ townId });
    if (container.state !== 'absent') return { waitsFor: `the container is ${container.state}` };
    return dueAt === null
      ? { done: `container ${container.epoch} has ended` }
      : { waitsFor: `it is due at ${dueAt}` };
  });

async function gone(job: MainJob, townId: string): Promise<string> {
  await job.api.deleteTown({ townId });
  return until(job, async () => {
    try {
      const { lifecycle } = await job.api.getTown({ townId });
      return { waitsFor: `the town is ${lifecycle}` };
    } catch (error) {
      if (error instanceof ApiRefusal && error.problem.status === 404)
        return { done: 'it is not found any more' };
      throw error;
    }
  });
}
