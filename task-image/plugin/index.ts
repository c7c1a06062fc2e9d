import { readEnvironment } from './environment.ts';
import type { KiloHooks } from './kilo-plugin.ts';
import { createPrimeContext } from './prime-context.ts';
import { toolsForRole } from './tools/for-role.ts';
import { createTownClient } from './town-client.ts';

/** Variables of the agent server that what its tools start need not see. The server's own provider still reads them. */
const HIDDEN_FROM_TOOLS = ['KILO_CONFIG_CONTENT', 'KILO_SERVER_PASSWORD'];

/** The only export: Kilo calls every function that a plugin file exports. */
export async function gastown(): Promise<KiloHooks> {
  const environment = readEnvironment(process.env);
  const town = createTownClient({
    apiUrl: environment.GASTOWN_API_URL,
    tokenFile: environment.GASTOWN_TOKEN_FILE,
    turnFile: environment.GASTOWN_TURN_FILE,
  });
  const prime = createPrimeContext(town);
  const modelVariables = (process.env['GASTOWN_MODEL_ENV'] ?? '').split(',').filter((name) => name !== '');

  return {
    tool: toolsForRole(environment.GASTOWN_AGENT_ROLE, town),
    async 'experimental.chat.system.transform'({ sessionID }, output) {
      if (sessionID !== undefined) output.system.push(await prime.forSession(sessionID));
    },
    async 'experimental.session.compacting'({ sessionID }, output) {
      prime.forget(sessionID);
      output.context.push(await prime.forSession(sessionID));
    },
    async 'shell.env'(_input, output) {
      for (const name of [...HIDDEN_FROM_TOOLS, ...modelVariables]) output.env[name] = '';
    },
  };
}
