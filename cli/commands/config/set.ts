import type { RigConfigPatch } from '../../client/api.generated.ts';
import { defineCommand } from '../../command.ts';
import { isSecret, patchOf, valueAt } from '../../settings/paths.ts';
import { readValue } from '../../settings/read-value.ts';

export const setConfig = defineCommand({
  usage: 'set <setting> [value]',
  summary: 'Change a setting; null takes it back',
  positionals: {
    setting: { type: 'string', demandOption: true, describe: 'Its path: refinery.codeReview' },
    value: { type: 'string', describe: 'JSON, or a text' },
  },
  options: {
    rig: { type: 'string', describe: 'Of a repository, by id or name' },
    'secret-stdin': { type: 'boolean', default: false, describe: 'The value is piped in' },
    'secret-env': { type: 'string', describe: 'The value is in this variable of the environment' },
  },
  examples: [
    [`$0 config set refinery.gates '["npm test"]'`, ''],
    ['$0 config set container.sleepAfterMinutes 10', ''],
    ['$0 config set gitAuth.githubToken --secret-stdin < token.txt', 'Secrets are never arguments'],
    ['$0 config set envVars.NPM_TOKEN --secret-env NPM_TOKEN', ''],
    ['$0 config set defaultModel null', 'Back to the default'],
  ],
  run: async ({ setting, value, rig, ...args }, context) => {
    const { api } = context;
    const given = await readValue(
      { path: setting, value, secretEnv: args['secret-env'], isSecretPiped: args['secret-stdin'] },
      context,
    );
    const { id: townId } = await context.town();
    const text = (): string => `${setting} is ${given === null ? 'as by default' : 'set'}.`;
    if (rig !== undefined) {
      const { id: rigId } = await context.rig(rig);
      // The API says what is wrong with a setting.
      const config = patchOf(setting, given) as RigConfigPatch;
      const { config: now, effective } = await api.editRig({ townId, rigId }, { config });
      return { json: { config: now, effective }, text };
    }
    const patch =
      setting.startsWith('envVars.') && isSecret(setting) ? await variables() : patchOf(setting, given);
    const settings = await api.updateTownConfig({ townId }, patch);
    return { json: settings, text };

    /** The environment is replaced as a whole; the masks of the others stand for what they are. */
    async function variables(): Promise<object> {
      const { config } = await api.getTownConfig({ townId });
      const name = setting.slice('envVars.'.length);
      const envVars = { ...(valueAt(config, 'envVars') as Record<string, unknown> | undefined) };
      if (given === null) delete envVars[name];
      else envVars[name] = given;
      return { envVars };
    }
  },
});
