/** What was asked for could not be done: what is named is not there, it failed, or time was up. The message says which. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
