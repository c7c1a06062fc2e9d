import { Unavailable } from '../../../core/errors.ts';
import type { ModelAccess } from '../../../core/ports.ts';

/** An installation without models of its own: each town brings its provider and key along. */
export const noModels: ModelAccess = {
  credentials: () =>
    Promise.reject(
      new Unavailable(
        'The town has no models: set model.provider, model.apiKey and defaultModel in its settings.',
      ),
    ),
};
