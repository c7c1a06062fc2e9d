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
  /** @default one stack as its own defaults say, for no account and region in particular */
  readonly stack?: Partial<GastownStackProps>;
}

/** The app with its one stack and the checks that every synth runs; a finding makes the synth fail. */
export function createGastownApp({ app: appProps, stack: stackProps }: GastownAppProps = {}) {
  const app = new App(appProps);
  const stack = new GastownStack(app, 'Gastown', { codeVersion: packageVersion, ...stackProps });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack };
}
