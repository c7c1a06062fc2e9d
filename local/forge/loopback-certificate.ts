import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface LoopbackCertificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** To be trusted through `GIT_SSL_CAINFO` or `NODE_EXTRA_CA_CERTS`. */
  readonly certificateFile: string;
}

/**
 * A certificate for 127.0.0.1, made by openssl: tokens go over https only, also on one machine.
 * @param directory of this user alone: the key stays there
 */
export async function createLoopbackCertificate(directory: string): Promise<LoopbackCertificate> {
  const certificateFile = join(directory, 'certificate.pem');
  const keyFile = join(directory, 'key.pem');
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', keyFile, '-out', certificateFile];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await execa('openssl', ['req', '-x509', ...kind, ...subject, ...files], { timeout: 30_000 });
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(certificateFile)]);
  return { key, cert, certificateFile };
}
