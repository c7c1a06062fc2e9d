import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';
import { shortId } from '../../render/id.ts';

export const addRig = defineCommand({
  usage: 'add <name> <git-url>',
  summary: 'Add a repository to a town',
  positionals: {
    name: { type: 'string', demandOption: true, describe: 'What you call it' },
    'git-url': {
      type: 'string',
      demandOption: true,
      describe: 'https:// address; on one machine also the path of a bare repository',
    },
  },
  options: {
    branch: { type: 'string', describe: 'Where work is merged; main unless said' },
    integration: { type: 'string', describe: 'Gives access to it: gastown integrations list' },
    gate: {
      type: 'string',
      array: true,
      describe: 'A shell command that must pass before a merge; several times',
    },
  },
  examples: [
    ['$0 rigs add app https://github.com/example/app.git --gate "npm test"', ''],
    ['$0 rigs add app $HOME/app.git', 'A bare repository on this machine'],
  ],
  run: async ({ name, branch, integration, gate, ...args }, { api, ...context }) => {
    const { id: townId } = await context.town();
    const rig = await api.createRig(
      { townId },
      defined({
        name,
        gitUrl: args['git-url'],
        defaultBranch: branch,
        integrationId: integration,
        config: gate === undefined ? undefined : { refinery: { gates: gate } },
      }),
    );
    return {
      json: rig,
      text: () => `Added ${rig.name} (${shortId(rig.id)}), merged into ${rig.defaultBranch}.`,
    };
  },
});
