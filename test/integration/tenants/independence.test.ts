import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type Api } from '../attack/api.ts';
import { STORY } from './story.ts';
import { createTenant, type Heard, type Tenant } from './tenant.ts';

/** The same story three times: alone, beside a tenant that is there already, and with one that does the same at the same time. */
describe('what one tenant hears does not depend on another', () => {
  let api: Api;
  let alone: readonly Heard[];
  beforeAll(async () => {
    api = await startApi();
    alone = await told(await tenant('alone'));
  }, 60_000);
  afterAll(() => api.close());

  const tenant = (name: string): Promise<Tenant> => createTenant(api, `user-${name}`, `org-${name}`);
  async function told(one: Tenant, between?: Tenant): Promise<readonly Heard[]> {
    for (const part of Object.values(STORY)) {
      if (between !== undefined) await part(between, api);
      await part(one, api);
    }
    return one.heard;
  }
  /** Answer by answer: a difference names its route. */
  const differences = (heard: readonly Heard[]): unknown[] =>
    heard.flatMap((here, index) =>
      here.answer === alone[index]?.answer ? [] : [{ here, alone: alone[index] }],
    );

  it('every route of the API was asked, with success', () => {
    const asked = new Set(alone.filter(({ status }) => status < 400).map(({ operationId }) => operationId));
    const ofPeople = api.all.filter(({ spec }) => spec !== undefined);
    expect(ofPeople.map(({ operationId }) => operationId).filter((id) => !asked.has(id))).toEqual([]);
  });

  it('beside one that is there', async () => {
    const heard = await told(await tenant('second'));
    expect(differences(heard)).toEqual([]);
    expect(heard.length).toBe(alone.length);
  }, 60_000);

  it('beside one that changes its town in between', async () => {
    const heard = await told(await tenant('third'), await tenant('fourth'));
    expect(differences(heard)).toEqual([]);
    expect(heard.length).toBe(alone.length);
  }, 60_000);
});
