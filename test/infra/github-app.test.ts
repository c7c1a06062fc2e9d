import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import {
  nameOf,
  ofType,
  one,
  resourcesOf,
  synthesize,
  type Resources,
  type Synthesized,
} from './template.ts';

const STAGES = ['dev', 'prod'] as const;
const CALLERS = ['ApiFunction', 'ContainerFunction', 'WorkerFunction'] as const;

let app: Synthesized;
const stackOf = (stage: string): Resources => resourcesOf(app, `Gastown-${stage}`);
beforeAll(async () => {
  app = await synthesize({ stages: STAGES.join(',') });
}, 60_000);

const variablesOf = (resources: Resources, name: string): Record<string, unknown> =>
  z
    .object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) })
    .parse(one(resources, 'AWS::Lambda::Function', name).Properties).Environment.Variables;

test.each(STAGES)('in %s every function that asks the token service asks that of its own stack', (stage) => {
  const resources = stackOf(stage);
  const [service] = ofType(resources, 'AWS::Lambda::Function').find(
    ([id]) => nameOf(id) === 'GitTokenServiceFunction',
  ) ?? [''];
  for (const name of CALLERS)
    expect({ name, service: variablesOf(resources, name)['TOKEN_SERVICE'] }).toEqual({
      name,
      service: { Ref: service },
    });
  // A name that is written down would be the same in the other stack.
  expect(one(resources, 'AWS::Lambda::Function', 'GitTokenServiceFunction').Properties).not.toHaveProperty(
    'FunctionName',
  );
});

test.each(STAGES)('nothing in %s refers to the other stage', (stage) => {
  const other = STAGES.find((one) => one !== stage) ?? '';
  expect(JSON.stringify(stackOf(stage))).not.toMatch(new RegExp(`Gastown-${other}|Fn::ImportValue`));
});

test.each(STAGES)('the secrets of the app in %s are made empty, and stay when the stack goes', (stage) => {
  const secrets = ofType(stackOf(stage), 'AWS::SecretsManager::Secret');
  expect(secrets.map(([id]) => nameOf(id)).sort()).toEqual(['GitHubAppKey', 'GitHubAppWebhook']);
  for (const [, { Properties, DeletionPolicy }] of secrets) {
    expect(Object.keys(Properties)).toEqual(['Description']);
    expect(DeletionPolicy).toBe('Retain');
  }
});

test('a stage that is called otherwise is refused', async () => {
  const { exitCode, output } = await synthesize({ stages: 'Prod 1' });
  expect(exitCode).not.toBe(0);
  expect(output).toContain('A stage is called like dev or prod.');
}, 60_000);
