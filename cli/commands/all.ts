import type { Command, CommandGroup } from '../command.ts';
import { agents } from './agents/group.ts';
import { beads } from './beads/group.ts';
import { completionCommand } from './completion.ts';
import { config } from './config/group.ts';
import { convoy } from './convoy/group.ts';
import { costsCommand } from './costs.ts';
import { doctorCommand } from './doctor.ts';
import { escalations } from './escalations/group.ts';
import { eventsCommand } from './events.ts';
import { exportCommand } from './export.ts';
import { githubApp } from './github-app/group.ts';
import { importCommand } from './import.ts';
import { integrations } from './integrations/group.ts';
import { loginCommand } from './login.ts';
import { logoutCommand } from './logout.ts';
import { mayorCommand } from './mayor.ts';
import { mergeQueueCommand } from './merge-queue.ts';
import { pauseCommand } from './pause.ts';
import { resumeCommand } from './resume.ts';
import { rigs } from './rigs/group.ts';
import { rules } from './rules/group.ts';
import { slingCommand } from './sling.ts';
import { statusCommand } from './status.ts';
import { towns } from './towns/group.ts';
import { whyCommand } from './why.ts';

/** In the order of the help: what people do most is first. */
export const COMMANDS: readonly (Command | CommandGroup)[] = [
  statusCommand,
  whyCommand,
  slingCommand,
  convoy,
  mayorCommand,
  eventsCommand,
  doctorCommand,
  beads,
  agents,
  mergeQueueCommand,
  escalations,
  costsCommand,
  pauseCommand,
  resumeCommand,
  towns,
  rigs,
  integrations,
  rules,
  config,
  exportCommand,
  importCommand,
  githubApp,
  loginCommand,
  logoutCommand,
  completionCommand,
];
