import type { ModelCredentials } from '../core/protocol/sync.ts';
import { Unavailable } from '../core/errors.ts';
import { modelFromEnvironment, scriptedModelCredentials } from './model-options.ts';
import { startScriptedModel, type ScriptedModel } from './scripted-model/server.ts';
import { townScript } from './scripted-model/town-script.ts';

export interface ChosenModel {
  readonly credentials: () => Promise<ModelCredentials>;
  /** Set when the scripted model plays the agents. */
  readonly scripted: ScriptedModel | undefined;
  close(): Promise<void>;
}

/** The model of a local installation, from its command line. */
export async function chooseModel(options: {
  readonly model?: string | undefined;
  readonly isScripted: boolean;
  readonly stepDelayMs?: number;
}): Promise<ChosenModel> {
  if (options.model !== undefined) {
    const credentials = modelFromEnvironment(options.model, process.env);
    return {
      credentials: () => Promise.resolve(credentials),
      scripted: undefined,
      close: () => Promise.resolve(),
    };
  }
  if (options.isScripted) {
    const scripted = await startScriptedModel({
      script: townScript,
      ...(options.stepDelayMs === undefined ? {} : { stepDelayMs: options.stepDelayMs }),
    });
    return {
      credentials: () => Promise.resolve(scriptedModelCredentials(scripted.url)),
      scripted,
      close: () => scripted.close(),
    };
  }
  const missing = new Unavailable(
    'No model is configured: start again with --model provider/model or --scripted-model.',
  );
  return { credentials: () => Promise.reject(missing), scripted: undefined, close: () => Promise.resolve() };
}
