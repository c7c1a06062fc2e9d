import { defineCommand } from '../command.ts';
import { completionScript } from '../completion-script.ts';

export const completionCommand = defineCommand({
  usage: 'completion <shell>',
  summary: 'Print what makes a shell complete gastown commands',
  positionals: { shell: { choices: ['bash', 'zsh'] as const, demandOption: true } },
  examples: [
    ['source <(npx $0 completion bash)', 'In ~/.bashrc, with an alias: alias gastown="npx gastown"'],
    ['source <(npx $0 completion zsh)', 'In ~/.zshrc, after compinit'],
  ],
  run: async ({ shell }, { env }) => {
    const script = completionScript(shell, env['GASTOWN_LAUNCHER'] ?? 'gastown');
    return { json: { shell, script }, text: () => script };
  },
});
