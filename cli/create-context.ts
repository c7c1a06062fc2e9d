import { createOperations, type Operations } from './client/api.generated.ts';
import { createSend } from './client/send.ts';
import { findConnection, type ConnectionOptions } from './connection.ts';
import type { Context } from './context.ts';
import { freshToken } from './login/fresh-token.ts';
import { keptLogins } from './login/kept-logins.ts';
import { findRig } from './find/rig.ts';
import { findTown } from './find/town.ts';
import { once } from './once.ts';
import { printableReviver } from './render/printable.ts';

export interface ContextOptions
  extends ConnectionOptions, Pick<Context, 'terminal' | 'env' | 'signal' | 'isJson' | 'words'> {
  readonly town?: string | undefined;
}

export function createContext({ terminal, env, signal, isJson, words, ...options }: ContextOptions): Context {
  const connection = once(() => findConnection(options, env));
  const token = once(() => freshToken(connection(), keptLogins(env), signal));
  const operations = once((): Operations => {
    const { url } = connection();
    return createOperations(
      createSend({ url, token, signal, ...(isJson ? {} : { reviver: printableReviver }) }),
    );
  });
  // An empty variable is as none.
  const reference = options.town ?? (env['GASTOWN_TOWN'] === '' ? undefined : env['GASTOWN_TOWN']);
  const town = once(async () => findTown(operations(), reference));
  return {
    terminal,
    env,
    signal,
    isJson,
    words,
    dataDir: options.dataDir,
    connection,
    token,
    get api() {
      return operations();
    },
    isTownNamed: reference !== undefined,
    town,
    rig: async (name) => findRig(operations(), (await town()).id, name),
  };
}
