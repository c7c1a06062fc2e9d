/** Where a part of the GitHub App is kept. Errors are `ForgeError`s. */
export interface SecretSource<T> {
  /**
   * Undefined: no app is set up.
   * @param isFresh what was remembered does not count: it was refused, or did not sign something
   */
  read(isFresh: boolean): Promise<T | undefined>;
}
