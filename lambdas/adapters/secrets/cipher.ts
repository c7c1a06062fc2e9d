/** What a ciphertext belongs to: it can be opened for that and nothing else. */
export interface CipherContext {
  readonly townId: string;
  readonly name: string;
}

/** Encrypts short values, at most 4 KiB. Both methods throw `Unavailable` when the key cannot be used. */
export interface Cipher {
  seal(value: string, context: CipherContext): Promise<Uint8Array>;
  open(sealed: Uint8Array, context: CipherContext): Promise<string>;
}
