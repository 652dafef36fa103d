/** What programs go by; their values are words of this product, whatever somebody has chosen for a password. */
const STRUCTURE: ReadonlySet<string> = new Set([
  ...['at', 'event', 'phase', 'kind', 'verdict', 'code', 'component', 'startedAt', 'endedAt', 'schemaVersion'],
]);

/** JSON of a value, with every text in it masked, names of fields as well: before it is JSON, so that it stays JSON. */
export function maskedJson(value: unknown, mask: (text: string) => string): string {
  return JSON.stringify(value, (key, one: unknown) => {
    if (typeof one === 'string') return STRUCTURE.has(key) ? one : mask(one);
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(
      Object.entries(one).map(([name, field]) => [STRUCTURE.has(name) ? name : mask(name), field]),
    );
  });
}

/** The same value, with every text in it masked. */
export function masked<T>(value: T, mask: (text: string) => string): T {
  return JSON.parse(maskedJson(value, mask)) as T;
}
