export type Instruction = { kind: 'write'; path: string; content: string } | { kind: 'run'; command: string };

/**
 * Reads the instructions for the scripted polecat out of a bead's body. They stand in a code fence:
 *
 *     ```
 *     write src/hello.ts
 *     <<<
 *     export const hello = 'world';
 *     >>>
 *     run npm test
 *     ```
 *
 * Without a code fence the first `write` with its `<<<` begins them, so that prose is not taken for commands.
 */
export function parseInstructions(text: string): Instruction[] {
  const lines = text.split('\n');
  const found: Instruction[] = [];
  let isInFence = false;
  let hasBegunUnfenced = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trim();
    if (line.startsWith('```')) {
      isInFence = !isInFence;
      continue;
    }
    const path = /^write (\S.*)$/.exec(line)?.[1];
    if (path !== undefined && lines[at + 1]?.trim() === '<<<') {
      const end = lines.findIndex((candidate, index) => index > at + 1 && candidate.trim() === '>>>');
      if (end === -1) return found;
      found.push({
        kind: 'write',
        path,
        content: lines
          .slice(at + 2, end)
          .map((kept) => `${kept}\n`)
          .join(''),
      });
      at = end;
      hasBegunUnfenced ||= !isInFence;
      continue;
    }
    const command = /^run (\S.*)$/.exec(line)?.[1];
    if (command !== undefined && (isInFence || hasBegunUnfenced)) found.push({ kind: 'run', command });
  }
  return found;
}
