import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModelOptionError, modelFromEnvironment } from '../../../local/model-options.ts';
import { buildPlugin } from '../../../task-image/plugin/build.ts';
import {
  beadWork,
  createRepository,
  startTestAgent,
  startTownStub,
  until,
  type Repository,
} from '../agents/fixture.ts';
import { startRecorder, type Recorded, type Recorder } from './recorder.ts';
import { shapeOf } from './shape.ts';
import { USAGE } from './streams.ts';

/** Each row starts a real agent server (about 3 s and 500 MB). */
vi.setConfig({ testTimeout: 90_000 });

let repository: Repository;
let recorder: Recorder;
beforeEach(async () => {
  repository = createRepository('gt/nux');
  recorder = await startRecorder();
});
afterEach(async () => {
  await recorder.close();
  repository.remove();
});

const awsKeys = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'key-id-of-the-test',
  AWS_SECRET_ACCESS_KEY: 'model-key-of-the-test',
  AWS_SESSION_TOKEN: 'session-of-the-test',
};

const rows = [
  {
    name: 'anthropic',
    model: 'anthropic/claude-sonnet-4-5',
    env: (url: string) => ({ ANTHROPIC_API_KEY: 'model-key-of-the-test', ANTHROPIC_BASE_URL: url }),
  },
  {
    name: 'openai',
    model: 'openai/gpt-5',
    env: (url: string) => ({ OPENAI_API_KEY: 'model-key-of-the-test', OPENAI_BASE_URL: `${url}/v1` }),
  },
  {
    name: 'bedrock-keys',
    model: 'amazon-bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
    env: (url: string) => ({ ...awsKeys, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url }),
  },
  {
    name: 'bedrock-bearer',
    model: 'amazon-bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0',
    env: (url: string) => ({
      AWS_REGION: 'eu-west-1',
      AWS_BEARER_TOKEN_BEDROCK: 'model-key-of-the-test',
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    }),
  },
];

test.for(rows)(
  '$name: an agent asks its model as recorded, and its turn ends well',
  async ({ name, model, env }) => {
    const pluginFile = join(repository.root, 'plugin', 'gastown.js');
    await buildPlugin(pluginFile);
    const town = await startTownStub({ validTokens: new Set(['token-1']) });
    const credentials = modelFromEnvironment(model, env(recorder.url));
    const { agent } = await startTestAgent({
      repository,
      town,
      modelUrl: '',
      pluginFile,
      work: beadWork('Say hello.'),
      token: 'token-1',
      overrides: { credentials },
    });
    try {
      await until('the turn ends', () => agent.report().state !== 'working', 40_000);
      expect(agent.report()).toMatchObject({ state: 'idle' });
      expect(agent.report().usage).toMatchObject(USAGE);
    } finally {
      await agent.stop();
      await town.close();
    }
    const asked = recorder.requests.filter(hasTools);
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked[0]?.body)).toContain('"name":"gt_done"');
    for (const { headers, body } of recorder.requests) {
      const { authorization: _, 'x-api-key': __, ...others } = headers;
      expect(JSON.stringify([others, body])).not.toContain('model-key-of-the-test');
    }
    await expectRecording(name, asked.map(shapeOf)[0]);
  },
);

const hasTools = ({ body }: Recorded): boolean =>
  body['tools'] !== undefined || body['toolConfig'] !== undefined;

/** With `RECORD=1` the recording is written anew: read the difference before it is committed. */
async function expectRecording(name: string, shape: object | undefined): Promise<void> {
  const directory = join(import.meta.dirname, 'recordings');
  const file = join(directory, `${name}.json`);
  if (process.env['RECORD'] === '1') {
    await mkdir(directory, { recursive: true });
    await writeFile(file, `${JSON.stringify(shape, undefined, 2)}\n`);
  }
  expect(shape).toEqual(JSON.parse(await readFile(file, 'utf8')));
}

test.for([
  {
    model: 'claude',
    env: {},
    message:
      /^--model is provider\/model with one of the providers anthropic, openai, amazon-bedrock; not claude$/,
  },
  { model: 'anthropic/', env: { ANTHROPIC_API_KEY: 'key' }, message: /^--model is provider\/model/ },
  { model: '/claude', env: {}, message: /^--model is provider\/model/ },
  { model: 'constructor/claude', env: {}, message: /^--model is provider\/model/ },
  { model: 'grok/grok-4', env: {}, message: /not grok\/grok-4$/ },
  { model: 'anthropic/claude', env: {}, message: /^Set ANTHROPIC_API_KEY/ },
  { model: 'anthropic/claude', env: { ANTHROPIC_API_KEY: '' }, message: /^Set ANTHROPIC_API_KEY/ },
  { model: 'openai/gpt', env: { ANTHROPIC_API_KEY: 'key' }, message: /^Set OPENAI_API_KEY/ },
  { model: 'amazon-bedrock/claude', env: { AWS_BEARER_TOKEN_BEDROCK: 'key' }, message: /needs AWS_REGION/ },
  { model: 'amazon-bedrock/claude', env: { ...awsKeys, AWS_REGION: '' }, message: /needs AWS_REGION/ },
  {
    model: 'amazon-bedrock/claude',
    env: { AWS_REGION: 'eu-west-1' },
    message: /needs AWS_ACCESS_KEY_ID and/,
  },
  {
    model: 'amazon-bedrock/claude',
    env: { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id' },
    message: /needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/,
  },
  {
    model: 'amazon-bedrock/claude',
    env: { AWS_REGION: 'eu-west-1', AWS_SESSION_TOKEN: 'session' },
    message: /needs AWS_ACCESS_KEY_ID/,
  },
])('--model $model with $env is refused with what to do', ({ model, env, message }) => {
  const choose = (): unknown => modelFromEnvironment(model, env);
  expect(choose).toThrow(ModelOptionError);
  expect(choose).toThrow(message);
});

test.for([
  { url: 'https://gateway.example', baseURL: 'https://gateway.example/v1' },
  { url: 'https://gateway.example/', baseURL: 'https://gateway.example/v1' },
  { url: 'https://gateway.example/v1/', baseURL: 'https://gateway.example/v1' },
  { url: '', baseURL: undefined },
])('ANTHROPIC_BASE_URL "$url" means $baseURL', ({ url, baseURL }) => {
  const env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: url };
  expect(modelFromEnvironment('anthropic/claude', env).options['baseURL']).toBe(baseURL);
});

test('a Bedrock model keeps slashes of its id, and its region may come from AWS_DEFAULT_REGION', () => {
  const { AWS_REGION: region, ...keys } = awsKeys;
  const arn = 'arn:aws:bedrock:eu-west-1:1:inference-profile/eu.claude';
  const chosen = modelFromEnvironment(`amazon-bedrock/${arn}`, { ...keys, AWS_DEFAULT_REGION: region });
  expect(chosen).toMatchObject({ modelId: arn, options: { region }, env: { AWS_REGION: region, ...keys } });
});
