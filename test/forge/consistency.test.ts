import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PullRequestControls } from '../../local/forge/controls/pull-request-controls.ts';
import { startForge } from '../../local/forge/start-forge.ts';
import type { Protection } from '../../local/forge/state/protection.ts';
import { ACCESS, TOWN, query, rest, type Scene } from './forge.ts';

type Act = (pull: PullRequestControls, scenery: Scene, step: number) => Promise<unknown>;

/** What people do around a pull request, in any order; what is impossible just then is refused and changes nothing. */
const ACTS: Readonly<Record<string, Act>> = {
  approve: (pull) => pull.approve('rita'),
  approveAsReader: (pull) => pull.approve('guest'),
  requestChanges: (pull) => pull.requestChanges('max', { body: 'No.' }),
  dismiss: (pull) => pull.dismissReviews('acme'),
  openThread: (pull) => pull.openThread('rita', { path: 'src/a.ts', body: 'Why?' }),
  async resolveThreads(pull) {
    for (const thread of pull.state.threads) await pull.resolveThread('rita', thread);
  },
  passCheck: (pull) => pull.setCheck('ci', { status: 'completed' }),
  failCheck: (pull) => pull.setCheck('ci', { status: 'completed', conclusion: 'failure' }),
  push: (pull, _, step) => pull.push(TOWN, { 'src/b.ts': `${step}` }),
  moveBase: (_, { repository }, step) => repository.commit('main', { files: { [`m${step}.txt`]: 'm' } }),
  makeConflict: (_, { repository }, step) =>
    repository.commit('main', { files: { 'src/b.ts': `main ${step}` } }),
  updateBranch: (_, { forge, token }) => rest(forge, token, 'PUT /repos/acme/app/pulls/1/update-branch'),
  draft: (pull) => pull.markDraft('rita'),
  ready: (pull) => pull.markReady('rita'),
  close: (pull) => pull.close('rita'),
  reopen: (pull) => pull.reopen('rita'),
};

const RULES: Partial<Protection> = {
  requiredApprovals: 1,
  dismissesStaleApprovals: true,
  requiredChecks: ['ci'],
  requiresUpToDate: true,
  requiresConversationResolution: true,
};

const rules = fc
  .subarray(Object.keys(RULES) as (keyof Protection)[])
  .map((names) => Object.fromEntries(names.map((name) => [name, RULES[name]])) as Partial<Protection>);
const acts = fc.array(fc.constantFrom(...Object.keys(ACTS)), { maxLength: 10 });

const READ = `{ repository(owner: "acme", name: "app") { pullRequest(number: 1) {
  state isDraft mergeable mergeStateStatus reviewDecision } } }`;
interface Told {
  repository: {
    pullRequest: { state: string; isDraft: boolean; mergeable: string; mergeStateStatus: string };
  };
}

test('it merges exactly what it calls clean or unstable, whatever happened before', async () => {
  await fc.assert(
    fc.asyncProperty(rules, acts, async (wanted, names) => {
      const forge = await startForge({ now: () => Date.UTC(2026, 0, 1) });
      try {
        const repository = await forge.createRepository({ owner: 'acme', name: 'app', access: ACCESS });
        const token = forge.token(TOWN);
        const scenery: Scene = { forge, repository, token, clock: { now: Date.now, advance: () => {} } };
        await repository.protect('main', wanted);
        await repository.commit('work', { files: { 'src/b.ts': '0' }, author: TOWN });
        const pull = await repository.openPull({ head: 'work', author: TOWN });
        for (const [step, name] of names.entries()) await ACTS[name]?.(pull, scenery, step).catch(() => {});

        const { data, errors } = await query<Told>(forge, token, READ);
        expect(errors).toEqual([]);
        const told = data?.repository.pullRequest;
        const isMergeable =
          told?.state === 'OPEN' &&
          told.mergeable === 'MERGEABLE' &&
          !told.isDraft &&
          ['CLEAN', 'UNSTABLE'].includes(told.mergeStateStatus);
        const before = repository.head('main');
        const sha = pull.state.headSha;
        const { status } = await rest(forge, token, 'PUT /repos/acme/app/pulls/1/merge', { sha });
        expect([status, told]).toEqual([isMergeable ? 200 : 405, told]);
        expect(repository.head('main') === before).toBe(!isMergeable);
      } finally {
        await forge.close();
      }
    }),
    { numRuns: 15, seed: 11, endOnFailure: true },
  );
});
