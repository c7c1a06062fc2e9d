/** What a name on the command line speaks of is not there. */
export class NoSuchThing extends Error {
  override readonly name = 'NoSuchThing';
}
