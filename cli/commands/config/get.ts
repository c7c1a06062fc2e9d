import { defineCommand } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { flatSettings, valueAt } from '../../settings/paths.ts';
import { settingsTable } from '../../views/settings.ts';

export const getConfig = defineCommand({
  usage: 'get [setting]',
  summary: 'Show settings: what was set, and what is in effect',
  positionals: { setting: { type: 'string', describe: 'One of them: refinery.codeReview' } },
  options: { rig: { type: 'string', describe: 'Those of a repository, by id or name' } },
  examples: [
    ['$0 config get', ''],
    ['$0 config get refinery.gates --rig app --json', 'What is in effect, as JSON'],
  ],
  run: async ({ setting, rig }, { api, ...context }) => {
    const { id: townId } = await context.town();
    const settings =
      rig === undefined
        ? await api.getTownConfig({ townId })
        : await api.getRig({ townId, rigId: (await context.rig(rig)).id });
    const { config, effective } = settings;
    if (setting === undefined) {
      return {
        json: { config, effective },
        text: (style) => settingsTable(style, config, effective, rig === undefined ? 'town' : 'rig'),
      };
    }
    const value = valueAt(effective, setting) ?? valueAt(config, setting);
    if (value === undefined) {
      const names = new Set(flatSettings({ ...effective, ...config }).map(([path]) => path));
      throw new CommandFailed(`${setting} is not set. These are: ${[...names].join(', ')}.`);
    }
    return { json: value, text: () => (typeof value === 'string' ? value : JSON.stringify(value)) };
  },
});
