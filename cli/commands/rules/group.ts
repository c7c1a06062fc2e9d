import type { CommandGroup } from '../../command.ts';
import { resumeRule } from './resume.ts';

export const rules: CommandGroup = {
  usage: 'rules',
  summary: 'Rules that a town has suspended: resume',
  commands: [resumeRule],
};
