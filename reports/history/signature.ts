import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { DrillError } from '../../harness/model/error.ts';
import { readText } from '../../harness/model/read-text.ts';

const ALGORITHM = 'ed25519';
/** What is signed says what it is for, so that a signature is of no use elsewhere. */
const PURPOSE = 'restore-drill history line ';
const PEM_LONGEST_BYTES = 1024 ** 2;
const PUBLIC_KEYS = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** A signature, and the fingerprint of the key that made it. */
export interface Signature {
  readonly key: string;
  readonly value: string;
}

/** Signs the hashes of lines. */
export interface Signer {
  readonly publicKey: KeyObject;
  sign(hash: string): Signature;
}

/** A signer with the private key of a PEM file, as `openssl genpkey -algorithm ed25519` makes it. */
export function openSigner(file: string): Signer {
  const privateKey = readKey(file, createPrivateKey);
  const publicKey = createPublicKey(privateKey);
  const key = fingerprintOf(publicKey);
  return {
    publicKey,
    sign: (hash) => ({ key, value: sign(null, Buffer.from(PURPOSE + hash), privateKey).toString('base64') }),
  };
}

/** The public keys of a PEM file: one, or several after a change of keys. */
export function readPublicKeys(file: string): KeyObject[] {
  const blocks = readPem(file).match(PUBLIC_KEYS) ?? [];
  if (blocks.length === 0) throw badKey(file, 'it holds no public key in PEM');
  return blocks.map((pem) => checked(file, createPublicKey(pem)));
}

/** Whether one of the keys made the signature of that hash. */
export function isSignedBy(keys: readonly KeyObject[], hash: string, { key, value }: Signature): boolean {
  const signer = keys.find((one) => fingerprintOf(one) === key);
  return signer !== undefined && verify(null, Buffer.from(PURPOSE + hash), signer, Buffer.from(value, 'base64'));
}

/** The first 16 hex digits of the SHA-256 of a public key. */
export function fingerprintOf(key: KeyObject): string {
  const bytes = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

function readKey(file: string, parse: (pem: string) => KeyObject): KeyObject {
  const pem = readPem(file);
  try {
    return checked(file, parse(pem));
  } catch (cause) {
    if (cause instanceof DrillError) throw cause;
    throw badKey(file, 'it is no private key in PEM', cause);
  }
}

function readPem(file: string): string {
  try {
    return readText(file, PEM_LONGEST_BYTES);
  } catch (cause) {
    throw badKey(file, (cause as Error).message, cause);
  }
}

function checked(file: string, key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === ALGORITHM) return key;
  throw badKey(file, `it is a key of the type ${key.asymmetricKeyType ?? 'unknown'}`);
}

function badKey(file: string, why: string, cause?: unknown): DrillError {
  return new DrillError({
    code: 'history-key',
    where: 'history',
    what: `The key ${file} for signing the history cannot be used: ${why}.`,
    next: '`openssl genpkey -algorithm ed25519 -out key.pem` makes one; `openssl pkey -in key.pem -pubout` its public half.',
    blame: 'usage',
    cause,
  });
}
