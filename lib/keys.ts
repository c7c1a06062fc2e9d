import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** The three keys of an installation. None ever leaves KMS, and none goes with the stack. */
export class Keys extends Construct {
  /** ES256: tokens of containers and agents. */
  readonly signing: Key;
  /** HMAC-SHA-256: bootstrap tokens. */
  readonly mac: Key;
  /** Towns' secrets, under an encryption context that names the town. */
  readonly secrets: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const removalPolicy = RemovalPolicy.RETAIN;
    this.signing = new Key(this, 'Signing', {
      description: 'Gastown: signs the tokens of containers and agents',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy,
    });
    this.mac = new Key(this, 'Mac', {
      description: 'Gastown: makes the bootstrap tokens of containers',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy,
    });
    this.secrets = new Key(this, 'Secrets', {
      description: 'Gastown: encrypts the secrets of towns',
      enableKeyRotation: true,
      removalPolicy,
    });
  }

  readSigningKey(): PolicyStatement {
    return this.#use(this.signing, 'GetPublicKey');
  }

  sign(): PolicyStatement {
    const statement = this.#use(this.signing, 'Sign');
    statement.addCondition('StringEquals', { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' });
    return statement;
  }

  makeBootstrapTokens(): PolicyStatement {
    return this.#use(this.mac, 'GenerateMac');
  }

  /** Nothing is sealed or opened that does not name its town. */
  useSecrets(...actions: readonly ('Encrypt' | 'Decrypt')[]): PolicyStatement {
    const statement = this.#use(this.secrets, ...actions);
    statement.addCondition('Null', { 'kms:EncryptionContext:townId': 'false' });
    return statement;
  }

  #use(key: Key, ...actions: readonly string[]): PolicyStatement {
    return new PolicyStatement({
      actions: actions.map((action) => `kms:${action}`),
      resources: [key.keyArn],
    });
  }
}
