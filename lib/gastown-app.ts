import { readFileSync } from 'node:fs';
import { App, Validations, type AppProps } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { GastownStack, type GastownStackProps } from './gastown-stack.ts';

const packageVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version;

export interface GastownAppProps {
  /** @default what `cdk` says through the environment */
  readonly app?: AppProps;
  /** @default as its own defaults say, for no account and region in particular */
  readonly stack?: Partial<GastownStackProps>;
}

const stagesSchema = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, 'A stage is called like dev or prod.')));

/** Stages beside each other have nothing in common: each is an installation of its own. Without one the stack is `Gastown`. */
const stackIdsOf = (context: unknown): readonly [string, ...string[]] => {
  if (context === undefined) return ['Gastown'];
  const [first = '', ...others] = stagesSchema.parse(context).map((stage) => `Gastown-${stage}`);
  return [first, ...others];
};

/**
 * The app with its stack, or with one a stage (`cdk synth -c stages=dev,prod`), and the checks that every synth runs; a finding makes the
 * synth fail.
 */
export function createGastownApp({ app: appProps, stack: stackProps }: GastownAppProps = {}) {
  const app = new App(appProps);
  const [first, ...others] = stackIdsOf(app.node.tryGetContext('stages'));
  const add = (id: string): GastownStack =>
    new GastownStack(app, id, { codeVersion: packageVersion, ...stackProps });
  const stack = add(first);
  others.forEach(add);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack };
}
