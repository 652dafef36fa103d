import { randomBytes } from 'node:crypto';
import { maskSecrets, Secret } from '../model/secret.ts';

const SECRET_BYTES = 18;

/** The secrets of one run: made on first use, masked in everything that is written. */
export class SecretStore {
  readonly #secrets = new Map<string, Secret>();

  /** The secret of that name, made when it is asked for first. Letters and digits only, so that no program stumbles. */
  secret(name: string): Secret {
    const known = this.#secrets.get(name);
    if (known) return known;
    return this.add(new Secret(name, randomBytes(SECRET_BYTES).toString('hex')));
  }

  /** Masks a secret that was not made here, too. */
  add(secret: Secret): Secret {
    this.#secrets.set(secret.name, secret);
    return secret;
  }

  all(): Secret[] {
    return [...this.#secrets.values()];
  }

  mask(text: string): string {
    return maskSecrets(text, this.#secrets.values());
  }
}
