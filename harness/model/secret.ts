const MASK = '***';

/** A value that must never be written down: it prints, and turns into JSON, as `***`. */
export class Secret {
  readonly name: string;
  readonly #value: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }

  /** The value itself, for an environment variable or a protocol; never for an argument, a log or a message. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }
}

/** Replaces every occurrence of the secrets in `text`; longer secrets first, so that none is left in part. */
export function maskSecrets(text: string, secrets: Iterable<Secret>): string {
  const values = [...secrets].map((secret) => secret.reveal()).filter((value) => value.length > 0);
  values.sort((a, b) => b.length - a.length);
  return values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}

/** The plain values of an environment, for the process that gets it. */
export function reveal(env: Readonly<Record<string, string | Secret>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}
