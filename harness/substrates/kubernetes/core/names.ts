const NAME_CHARS = 40;
const NAMELESS = 'x';

/** Names that Kubernetes takes, none of them given twice. */
export class Names {
  #count = 0;

  next(name: string): string {
    this.#count += 1;
    const plain = name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, NAME_CHARS);
    return `${plain.replace(/^-+|-+$/g, '') || NAMELESS}-${this.#count}`;
  }
}
