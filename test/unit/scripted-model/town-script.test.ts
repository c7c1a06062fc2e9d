import { describe, expect, test } from 'vitest';
import { promptForWork } from '../../../core/prompts/prompt.ts';
import type { AgentWork } from '../../../core/protocol/sync.ts';
import type { Conversation, ConversationMessage, ScriptStep } from '../../../local/scripted-model/script.ts';
import { parseInstructions } from '../../../local/scripted-model/task-block.ts';
import { townScript } from '../../../local/scripted-model/town-script.ts';

describe('instructions in a bead', () => {
  test.for([
    { name: 'prose alone gives none', text: 'write a test\nrun it', found: [] },
    {
      name: 'in a code fence, runs may stand alone',
      text: 'Do:\n```\nrun make\n```\nrun away',
      found: [{ kind: 'run', command: 'make' }],
    },
    {
      name: 'without a code fence, a write begins them',
      text: 'run no\nwrite a.txt\n<<<\none\n```\n>>>\nrun yes',
      found: [
        { kind: 'write', path: 'a.txt', content: 'one\n```\n' },
        { kind: 'run', command: 'yes' },
      ],
    },
    { name: 'an empty file', text: 'write a\n<<<\n>>>', found: [{ kind: 'write', path: 'a', content: '' }] },
    { name: 'a write that does not end', text: 'write a\n<<<\none', found: [] },
  ])('$name', ({ text, found }) => expect(parseInstructions(text)).toEqual(found));
});

/** Plays a conversation with the town script: `answer` gives what each tool says. */
function play(
  work: AgentWork,
  tools: string[],
  answer: (tool: string, args: Record<string, unknown>) => string,
  laterMessage?: string,
): { steps: ScriptStep[]; said: string } {
  const prompt = promptForWork(work);
  const messages: ConversationMessage[] = [{ role: 'user', text: prompt.firstMessage ?? '' }];
  const steps: ScriptStep[] = [];
  for (let turn = 0; turn < 30; turn += 1) {
    const conversation: Conversation = { system: prompt.system, messages, tools, turn };
    const step = townScript(conversation);
    steps.push(step);
    if (!('call' in step)) {
      if (laterMessage === undefined || messages.at(-1)?.text === laterMessage)
        return { steps, said: step.say };
      messages.push({ role: 'assistant', text: step.say }, { role: 'user', text: laterMessage });
      continue;
    }
    const id = `call-${turn}`;
    const text = answer(step.call.tool, { ...step.call.args });
    messages.push({ role: 'assistant', text: '', toolCalls: [{ id, ...step.call }] });
    messages.push({ role: 'user', text: '', toolResults: [{ id, text }] });
  }
  throw new Error('the script does not end');
}

function calls(steps: ScriptStep[]): string[] {
  return steps.flatMap((step) =>
    'call' in step ? [`${step.call.tool} ${JSON.stringify(step.call.args)}`] : [],
  );
}

const bead: AgentWork = {
  kind: 'bead',
  beadId: 'bead-1',
  title: "It's done",
  body: '```\nwrite a/b.txt\n<<<\none\ntwo FIXME-REVIEW\n>>>\nrun make test\n```',
  branch: 'gt/nux',
  base: 'main',
  createBaseFrom: 'main',
};
const POLECAT_TOOLS = ['bash', 'write', 'gt_done'];

/** Tools that do as they are told. */
function willing(tool: string, args: Record<string, unknown>): string {
  if (tool === 'write') return 'Wrote file successfully.';
  if (tool === 'bash') return /echo (\S+)$/.exec(String(args['command']))?.[1] ?? '';
  return 'Accepted. The town verifies it.';
}

test('a polecat writes, runs, commits, pushes and says that it is done', () => {
  const { steps, said } = play(bead, POLECAT_TOOLS, willing);
  expect(calls(steps)).toEqual([
    String.raw`write {"filePath":"a/b.txt","content":"one\ntwo FIXME-REVIEW\n"}`,
    expect.stringContaining('"command":"make test"'),
    expect.stringMatching(
      /git add -A && \{ git diff --cached --quiet \|\| git commit -q -m 'It'\\+''s done'; \}/,
    ),
    expect.stringContaining('git push origin HEAD:gt/nux && echo'),
    expect.stringMatching(/^gt_done .*"branch":"gt\/nux"/),
  ]);
  expect(said).toBe('My bead is finished.');
});

test('a polecat with feedback leaves out the lines that a review asks to remove', () => {
  const { steps } = play({ ...bead, feedback: 'Remove them.' }, POLECAT_TOOLS, willing);
  expect(calls(steps)[0]).toBe(String.raw`write {"filePath":"a/b.txt","content":"one\n"}`);
});

test('a file whose write was refused is written by a shell, once', () => {
  const { steps } = play(bead, POLECAT_TOOLS, (tool, args) =>
    tool === 'write' ? 'You must read the file first.' : willing(tool, args),
  );
  const [first, second, third] = calls(steps);
  expect(first).toMatch(/^write /);
  expect(second).toContain(
    String.raw`mkdir -p a && cat > a/b.txt <<'END_OF_FILE'\none\ntwo FIXME-REVIEW\nEND_OF_FILE`,
  );
  expect(third).toContain('make test');
});

test.for([
  {
    name: 'a refused gt_done',
    answer: (tool: string, args: Record<string, unknown>) =>
      tool === 'gt_done' ? 'Refused (409 conflict): closed.' : willing(tool, args),
    said: 'gt_done was refused: Refused (409 conflict): closed.',
  },
  {
    name: 'a push that failed',
    answer: (tool: string) => (tool === 'write' ? 'Wrote file' : 'fatal: no remote'),
    said: 'My push failed: fatal: no remote',
  },
])('$name ends the turn with the reason', ({ answer, said }) => {
  expect(play(bead, POLECAT_TOOLS, answer).said).toBe(said);
});

test('a message after the work is answered, and nothing is done again', () => {
  const { steps, said } = play(bead, POLECAT_TOOLS, willing, 'Your branch has no commits.');
  expect(said).toBe('I was told: "Your branch has no commits.". My script has no more steps.');
  expect(calls(steps).filter((call) => call.startsWith('gt_done'))).toHaveLength(1);
});

test('a polecat without instructions says so', () => {
  expect(play({ ...bead, body: 'Make it nice.' }, POLECAT_TOOLS, willing).said).toContain('no instructions');
});

const review: AgentWork = {
  kind: 'review',
  mergeRequestId: 'merge-1',
  title: 'A merge',
  branch: 'gt/nux',
  headSha: 'a'.repeat(40),
  target: 'main',
  targetSha: 'b'.repeat(40),
  candidateSha: 'c'.repeat(40),
};

test.for([
  { name: 'approves', diff: '+one\n-two FIXME-REVIEW', verdict: '"verdict":"approve"' },
  { name: 'sends back an added mark', diff: '+two FIXME-REVIEW', verdict: '"verdict":"request_changes"' },
])('a refinery looks at the diff and $name', ({ diff, verdict }) => {
  const { steps, said } = play(review, ['bash', 'gt_verdict'], (tool) =>
    tool === 'bash' ? diff : 'Accepted. Thanks.',
  );
  expect(calls(steps)).toEqual([
    expect.stringContaining(`git --no-pager diff ${'b'.repeat(40)} ${'c'.repeat(40)}`),
    expect.stringContaining(verdict),
  ]);
  expect(said).toBe('My review is finished.');
});

test.for([
  { name: 'a title is asked for', tools: [] as string[], said: 'Scripted work' },
  {
    name: 'another role asks',
    tools: ['bash'],
    said: 'I am a scripted model: I can play the roles of a town only.',
  },
])('when $name, a fixed text is said', ({ tools, said }) => {
  expect(play(bead, tools, willing).said).toBe(said);
});

test.for([
  { type: 'stuck_agent', action: 'restart' },
  { type: 'escalation', action: 'escalate' },
] as const)('triage decides on a $type: $action', ({ type, action }) => {
  const work: AgentWork = { kind: 'triage', requestId: 'r', type, title: 'no progress', agentName: 'Nux' };
  const { steps, said } = play(work, ['gt_prime', 'gt_triage_resolve'], () => 'Accepted. You are finished.');
  expect(calls(steps)).toEqual([
    expect.stringContaining(`gt_triage_resolve {"action":"${action}","reason":`),
  ]);
  expect(said).toBe('I have decided.');
  const refused = play(work, ['gt_triage_resolve'], () => 'Of this request you can decide: discard.');
  expect(refused.said).toContain('was refused');
});
