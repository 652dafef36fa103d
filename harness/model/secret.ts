const MASK = '***';
/** Shorter lines of a secret of several are words, or nothing but brackets. */
const MIN_LINE_CHARS = 6;
/** Shorter pieces of base64 are found everywhere. */
const MIN_BASE64_CHARS = 12;
const BASE64_GROUP_BYTES = 3;

/** A value that must never be written down: it prints, and turns into JSON, as `***`. */
export class Secret {
  readonly name: string;
  readonly #value: string;
  #forms: readonly string[] | undefined;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }

  /** The value itself, for an environment variable or a protocol; never for an argument, a log or a message. */
  reveal(): string {
    return this.#value;
  }

  /** All that would give the value away: itself, each of its lines, and these in JSON, in an address and in base64. */
  forms(): readonly string[] {
    this.#forms ??= formsOf(this.#value);
    return this.#forms;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }
}

function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const plain = [
    value,
    value.trim(),
    ...(lines.length > 1 ? lines.filter((line) => line.length >= MIN_LINE_CHARS) : []),
  ];
  const forms = plain.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), inAddress(text), ...inBase64(text)]);
  return [...new Set(forms)].filter((form) => form !== '');
}

function inAddress(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half of a pair of code units cannot be in an address.
    return text;
  }
}

/** How a text looks inside of base64, as of `user:password`: for each of three places where it can begin. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  const forms = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and the last letters hold bits of what stands before and after it.
    const from = shift === 0 ? 0 : shift + 1;
    const isWhole = (shift + bytes.length) % BASE64_GROUP_BYTES === 0;
    return encoded.slice(from, isWhole ? undefined : -1);
  });
  return forms.filter((form) => form.length >= MIN_BASE64_CHARS);
}

/** Replaces every form of the secrets in `text`; longer ones first, so that none is left in part. */
export function maskSecrets(text: string, secrets: Iterable<Secret>): string {
  return maskForms(text, formsByLength(secrets));
}

/** All forms of the secrets, longer ones first. */
export function formsByLength(secrets: Iterable<Secret>): string[] {
  const forms = new Set([...secrets].flatMap((secret) => secret.forms()));
  return [...forms].sort((a, b) => b.length - a.length);
}

/** Replaces each of the texts, in their order. */
export function maskForms(text: string, forms: readonly string[]): string {
  return forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
}

/** The plain values of an environment, for the process that gets it. */
export function reveal(env: Readonly<Record<string, string | Secret>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}
