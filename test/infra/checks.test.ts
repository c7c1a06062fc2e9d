import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ofType, resourcesIn, ROOT, synthesize, type Synthesized } from './template.ts';

const metadata = z.record(z.string(), z.array(z.object({ type: z.string(), data: z.unknown() })));
const violations = z.array(
  z.object({ ruleName: z.string(), violatingResources: z.array(z.object({ constructPath: z.string() })) }),
);

interface Acknowledgement {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

/** What this stack says of the AWS Solutions checks, and where. The library acknowledges rules of its own besides. */
function acknowledgements({ file }: Synthesized): Acknowledgement[] {
  return Object.entries(metadata.parse(file('Gastown.metadata.json'))).flatMap(([path, entries]) =>
    entries
      .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
      .flatMap(({ data }) => Object.entries(z.record(z.string(), z.string()).parse(data)))
      .map(([id, reason]) => ({ path: path.slice(1), rule: id.replace(/^Annotation::/i, ''), reason }))
      .filter(({ rule }) => rule.startsWith('AwsSolutions-')),
  );
}

describe('the AWS Solutions checks', () => {
  let stack: Synthesized;
  beforeAll(async () => {
    stack = await synthesize();
  }, 60_000);

  test('find nothing that is not acknowledged', () => {
    expect(stack.output).not.toContain('AwsSolutions-');
    expect(stack.exitCode).toBe(0);
  });

  test('at most ten findings are acknowledged, each with a reason', () => {
    const made = acknowledgements(stack);
    expect(made.length).toBeGreaterThan(0);
    expect(made.length).toBeLessThanOrEqual(10);
    for (const { reason } of made) expect(reason.length).toBeGreaterThan(40);
  });

  test('no acknowledgement has outlived its finding', () => {
    const findings = violations
      .parse(stack.file('findings.json'))
      .flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => ({ ruleName, constructPath })),
      );
    const idle = acknowledgements(stack).filter(
      ({ path, rule }) =>
        !findings.some(
          ({ ruleName, constructPath }) => ruleName === rule && `${constructPath}/`.startsWith(`${path}/`),
        ),
    );
    expect(idle).toEqual([]);
  });

  test('a new finding makes the synth fail', async () => {
    const { exitCode, output } = await synthesize({ hasBareQueue: true });
    expect(exitCode).not.toBe(0);
    expect(output).toContain('AwsSolutions-SQS3');
  }, 60_000);
});

test('`cdk synth` makes the whole template, with bundles, without a network, an account or Docker', async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'gastown-synth-'));
  try {
    const startedAt = Date.now();
    const proxy = 'http://127.0.0.1:9';
    const { all } = await execa('cdk', ['synth', '--quiet', '--output', outdir], {
      cwd: ROOT,
      all: true,
      preferLocal: true,
      localDir: ROOT,
      timeout: 120_000,
      extendEnv: false,
      // No credentials, a docker that always fails, and nobody who would carry anything outside.
      env: {
        PATH: process.env['PATH'],
        HOME: outdir,
        CDK_DOCKER: '/bin/false',
        HTTP_PROXY: proxy,
        HTTPS_PROXY: proxy,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
    console.log(`cdk synth: ${Date.now() - startedAt} ms`);
    expect(all).not.toMatch(/error/i);
    const functions = ofType(resourcesIn(join(outdir, 'Gastown.template.json')), 'AWS::Lambda::Function');
    const keys = functions.map(([id, { Properties }]) => {
      const { S3Key } = z.object({ S3Key: z.string() }).parse(Properties['Code']);
      return { id, folder: `asset.${S3Key.replace('.zip', '')}` };
    });
    expect(keys).toHaveLength(11);
    for (const { id, folder } of keys) {
      expect(readdirSync(join(outdir, folder))).toEqual(['index.mjs']);
      const bundle = readFileSync(join(outdir, folder, 'index.mjs'));
      expect(bundle.toString()).not.toMatch(/from ?["']@aws-sdk/);
      console.log(`${id}: ${Math.round(gzipSync(bundle).length / 1024)} KiB, gzip`);
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}, 150_000);
