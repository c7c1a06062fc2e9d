import { ApiRefusal } from './client/refusal.ts';
import { Unreachable } from './client/unreachable.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { printable } from './render/printable.ts';
import { UsageError } from './usage-error.ts';

export interface Failure {
  readonly lines: readonly string[];
  readonly exitCode: ExitCode;
}

/**
 * What to say of an error, and what the process ends with.
 * @param path the command that it is about
 */
export function describeFailure(error: unknown, path = ''): Failure {
  if (error instanceof ApiRefusal)
    return { lines: refusalLines(error).map(printable), exitCode: EXIT.refused };
  if (error instanceof UsageError) {
    const help = ['See gastown', path, '--help.'].filter((word) => word !== '').join(' ');
    return { lines: [printable(error.message), help], exitCode: EXIT.usage };
  }
  const message = printable(error instanceof Error ? error.message : String(error));
  if (error instanceof Unreachable) {
    const advice = 'Is the address right, and is it running? (npm start; --url; GASTOWN_URL)';
    return { lines: [`gastown: ${message}`, advice], exitCode: EXIT.unreachable };
  }
  return { lines: [message], exitCode: EXIT.refused };
}

function refusalLines({ problem }: ApiRefusal): string[] {
  const { status, detail, issues = [], requestId } = problem;
  return [
    detail,
    ...issues.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`),
    ...(status === 401 ? ['The token is missing, wrong or expired: see gastown doctor.'] : []),
    `(${status} ${problem.code}, request ${requestId})`,
  ];
}
