import { posix } from 'node:path';
import { shellWord } from '../../core/prompts/shell.ts';
import type { Conversation, ScriptStep } from './script.ts';
import { parseInstructions } from './task-block.ts';
import type { Instruction } from './task-block.ts';
import { doneCalls, fencedText, saidToAgent } from './transcript.ts';
import type { DoneCall } from './transcript.ts';

/** Marks a line that a review asks to remove; with feedback on the table, the polecat leaves such lines out. */
export const REVIEW_MARK = 'FIXME-REVIEW';

const PUSHED = 'scripted-polecat-pushed';

type Step = Instruction | { kind: 'commit' } | { kind: 'push' } | { kind: 'done' };

/** Follows the instructions in the bead, commits, pushes, and calls gt_done. */
export function polecatScript(conversation: Conversation): ScriptStep {
  const [task = '', ...later] = saidToAgent(conversation);
  const calls = doneCalls(conversation);
  if (later.length > 0)
    return { say: `I was told: "${excerpt(later.at(-1) ?? '')}". My script has no more steps.` };

  const branch = /on the branch (\S+), and finish with gt_done/.exec(task)?.[1];
  const instructions = parseInstructions(fencedText(task, 'What is asked for') ?? '');
  if (branch === undefined || instructions.length === 0) {
    return { say: 'I am a scripted model: this task has no instructions that I can follow.' };
  }
  const hasFeedback = fencedText(task, 'Why your last attempt was not accepted') !== undefined;
  const steps: Step[] = [
    ...instructions.map((step) => (hasFeedback ? withoutMarkedLines(step) : step)),
    { kind: 'commit' },
    { kind: 'push' },
    { kind: 'done' },
  ];

  const { at, useHeredoc } = progress(steps, calls);
  const last = calls.at(-1);
  if (steps[at - 1]?.kind === 'push' && last?.result.includes(PUSHED) === false) {
    return { say: `My push failed: ${excerpt(last.result)}` };
  }
  const step = steps[at];
  if (step === undefined) {
    const answer = last?.result ?? '';
    return {
      say: answer.startsWith('Accepted') ? 'My bead is finished.' : `gt_done was refused: ${excerpt(answer)}`,
    };
  }
  return perform(step, {
    branch,
    title: fencedText(task, 'Title of your bead') ?? 'Scripted work',
    useHeredoc,
  });
}

/** How far the calls so far have come. A write that was refused is done by a shell. */
function progress(steps: readonly Step[], calls: readonly DoneCall[]): { at: number; useHeredoc: boolean } {
  let at = 0;
  let useHeredoc = false;
  for (const call of calls) {
    useHeredoc = steps[at]?.kind === 'write' && call.tool === 'write' && !/^wrote file/i.test(call.result);
    if (!useHeredoc) at += 1;
  }
  return { at, useHeredoc };
}

type Context = { branch: string; title: string; useHeredoc: boolean };

function perform(step: Step, { branch, title, useHeredoc }: Context): ScriptStep {
  switch (step.kind) {
    case 'write': {
      if (useHeredoc) return bash(heredoc(step.path, step.content), `Write ${step.path}`);
      // Relative paths are taken from the agent's worktree.
      return { call: { tool: 'write', args: { filePath: step.path, content: step.content } } };
    }
    case 'run':
      return bash(step.command, 'Run a command of the task');
    case 'commit':
      // An earlier attempt may have committed the same content.
      return bash(
        `git add -A && { git diff --cached --quiet || git commit -q -m ${shellWord(title)}; }`,
        'Commit',
      );
    case 'push':
      return bash(`git push origin ${shellWord(`HEAD:${branch}`)} && echo ${PUSHED}`, 'Push the branch');
    case 'done':
      return {
        call: { tool: 'gt_done', args: { branch, summary: `Followed the instructions of "${title}".` } },
      };
  }
}

function bash(command: string, description: string): ScriptStep {
  return { call: { tool: 'bash', args: { command, description } } };
}

function heredoc(path: string, content: string): string {
  let end = 'END_OF_FILE';
  while (content.includes(end)) end += '_';
  const text = content === '' || content.endsWith('\n') ? content : `${content}\n`;
  return `mkdir -p ${shellWord(posix.dirname(path))} && cat > ${shellWord(path)} <<'${end}'\n${text}${end}`;
}

function withoutMarkedLines(step: Instruction): Instruction {
  if (step.kind !== 'write') return step;
  const kept = step.content.split('\n').filter((line) => !line.includes(REVIEW_MARK));
  return { ...step, content: kept.join('\n') };
}

function excerpt(text: string): string {
  return text.trim().slice(0, 300);
}
