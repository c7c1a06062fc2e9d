import type { CommandGroup } from '../../command.ts';
import { createGitHubApp } from './create.ts';

export const githubApp: CommandGroup = {
  usage: 'github-app',
  summary: 'The GitHub App of an installation: create',
  commands: [createGitHubApp],
};
