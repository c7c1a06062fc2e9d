import { createGastownApp } from '../lib/gastown-app.ts';

/** The CDK app: `npx cdk synth`. It asks no network, no account and no Docker. */
const { app } = createGastownApp();
app.synth();
