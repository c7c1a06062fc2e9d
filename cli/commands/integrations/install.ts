import { defineCommand } from '../../command.ts';
import { defined } from '../../defined.ts';

export const installIntegration = defineCommand({
  usage: 'install',
  summary: 'Say where a browser installs the GitHub App for you',
  options: {
    org: { type: 'string', describe: 'One of your organisations, which the integration will belong to' },
  },
  examples: [
    ['$0 integrations install', ''],
    ['$0 integrations install --org acme', ''],
  ],
  run: async ({ org }, { api }) => {
    const answer = await api.getInstallUrl(defined({ orgId: org }));
    return {
      json: answer,
      text: () =>
        `Open this within ten minutes; do not pass it on, it is good once and for you:\n${answer.url}`,
    };
  },
});
