/* oxlint-disable no-new -- a construct adds itself to its scope */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { createGastownApp } from '../../lib/gastown-app.ts';

/**
 * A program: synthesises the stack without the functions' bundles into the folder of its first argument, with the options of
 * its second. Its own process, because the test runner's module loader would load the whole construct library.
 */
const [outdir = '', optionsText = '{}'] = process.argv.slice(2);
const options = z
  .strictObject({
    consoleOrigins: z.array(z.string()).default([]),
    /** Names of stages, with commas. */
    stages: z.string().optional(),
    /** Adds a queue without encryption in transit and without dead letters. */
    hasBareQueue: z.boolean().default(false),
  })
  .parse(JSON.parse(optionsText));

const { app, stack } = createGastownApp({
  app: {
    outdir,
    context: { 'aws:cdk:bundling-stacks': [], ...(options.stages && { stages: options.stages }) },
  },
  stack: { consoleOrigins: options.consoleOrigins },
});
if (options.hasBareQueue) new Queue(stack, 'Bare');
app.synth();

/** What the checks would say if nothing were acknowledged. */
const strict = new AwsSolutionsChecks(app);
Object.defineProperty(strict, 'isAcknowledged', { value: () => false });
writeFileSync(join(outdir, 'findings.json'), JSON.stringify(strict.validateScope(app).violations));
