import { defineCommand } from '../command.ts';
import { examine } from '../doctor/examine.ts';
import { EXIT } from '../exit-code.ts';
import { findingsText } from '../views/findings.ts';

export const doctorCommand = defineCommand({
  usage: 'doctor',
  summary: 'Say what is misconfigured or stuck, and what to do',
  examples: [
    ['$0 doctor', 'Exit code 1: something is wrong'],
    ['$0 doctor --json', '{ok, findings: [{town?, level, what, advice?}]}'],
  ],
  run: async (_args, context) => {
    const findings = await examine(context, Date.now());
    const isWell = findings.every(({ level }) => level !== 'problem');
    return {
      json: { ok: isWell, findings },
      text: (style) => findingsText(style, findings),
      exitCode: isWell ? EXIT.done : EXIT.refused,
    };
  },
});
