import type { ModelAccess } from '../core/ports.ts';
import { Unavailable } from '../core/errors.ts';
import {
  chosenFromEnvironment,
  ModelOptionError,
  modelFromEnvironment,
  scriptedModelCredentials,
} from './model-options.ts';
import { startScriptedModel, type ScriptedModel } from './scripted-model/server.ts';
import { townScript } from './scripted-model/town-script.ts';

export interface ChosenModel {
  /** Models of this installation, for towns that have no provider of their own. */
  readonly credentials: ModelAccess['credentials'];
  /** Set when the scripted model plays the agents. */
  readonly scripted: ScriptedModel | undefined;
  close(): Promise<void>;
}

/**
 * The models of a local installation, from its command line and environment.
 * @throws ModelOptionError when the model of the command line cannot be used
 */
export async function chooseModel(options: {
  readonly model?: string | undefined;
  readonly isScripted: boolean;
  readonly stepDelayMs?: number;
}): Promise<ChosenModel> {
  if (options.model === undefined && options.isScripted) {
    const scripted = await startScriptedModel({
      script: townScript,
      ...(options.stepDelayMs === undefined ? {} : { stepDelayMs: options.stepDelayMs }),
    });
    return {
      credentials: (choice) => Promise.resolve(scriptedModelCredentials(scripted.url, choice)),
      scripted,
      close: () => scripted.close(),
    };
  }
  // What is wrong with the command line is said at the start, not to the first agent.
  if (options.model !== undefined) modelFromEnvironment(options.model, process.env);
  return {
    credentials: async (choice) => {
      try {
        return chosenFromEnvironment(choice, options.model, process.env);
      } catch (error) {
        throw error instanceof ModelOptionError ? new Unavailable(error.message, { cause: error }) : error;
      }
    },
    scripted: undefined,
    close: () => Promise.resolve(),
  };
}
