import { randomBytes } from 'node:crypto';
import { formsByLength, maskForms, Secret } from '../model/secret.ts';

const SECRET_BYTES = 18;

/** The secrets of one run: made on first use, masked in everything that is written. */
export class SecretStore {
  readonly #made = new Map<string, Secret>();
  /** Several of them may have the same name: two repositories have two passwords. */
  readonly #added = new Set<Secret>();
  /** Kept, as every line of every log is masked; nothing once there is another secret. */
  #forms: readonly string[] | undefined;

  /** The secret of that name, made when it is asked for first. Letters and digits only, so that no program stumbles. */
  secret(name: string): Secret {
    const known = this.#made.get(name);
    if (known) return known;
    const secret = new Secret(name, randomBytes(SECRET_BYTES).toString('hex'));
    this.#made.set(name, secret);
    this.#forms = undefined;
    return secret;
  }

  /** Masks a secret that was not made here, too. */
  add(secret: Secret): Secret {
    this.#added.add(secret);
    this.#forms = undefined;
    return secret;
  }

  all(): Secret[] {
    return [...this.#made.values(), ...this.#added];
  }

  mask(text: string): string {
    this.#forms ??= formsByLength(this.all());
    return maskForms(text, this.#forms);
  }
}
