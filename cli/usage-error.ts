/** The command line cannot be followed; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
