const DIGEST = '[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}';
const GNU = new RegExp(`^(\\\\?)(${DIGEST})(?: [ *](.+))?$`, 'i');
const BSD = new RegExp(`^(?:SHA2?-?(?:256|512)|SHA-?1|MD5) \\((.+)\\) = (${DIGEST})$`, 'i');
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\\\': '\\' };

/** What makes digests of such a length, and what it is called. */
const ALGORITHMS: Readonly<Record<number, { readonly program: string; readonly title: string }>> = {
  32: { program: 'md5sum', title: 'MD5' },
  40: { program: 'sha1sum', title: 'SHA-1' },
  64: { program: 'sha256sum', title: 'SHA-256' },
  128: { program: 'sha512sum', title: 'SHA-512' },
};

/** How a digest of a list was made, by its length. */
export function algorithmOf(digest: string): { readonly program: string; readonly title: string } {
  return ALGORITHMS[digest.length] ?? { program: 'sha256sum', title: 'SHA-256' };
}

/** What the lines of a list call the files that they have a digest of. */
export function namesIn(list: string): string[] {
  return linesOf(list).flatMap(({ path }) => (path === undefined ? [] : [bare(path)]));
}

/** The files that a list names, with their digests, in its order. */
export function digestsIn(list: string): { readonly digest: string; readonly path: string }[] {
  return linesOf(list).flatMap(({ digest, path }) =>
    path === undefined ? [] : [{ digest: digest.toLowerCase(), path: bare(path) }],
  );
}

/**
 * The digest that a list has for a file beside it; undefined when it has no line for it. Such lists are often made where
 * they lie, so that they list themselves, half written, or only what is inside of an archive. `isOwn`: the list is that of
 * this file alone, and whatever its line calls the file, only the last part of the name counts.
 */
export function digestIn(list: string, name: string, isOwn: boolean): string | undefined {
  const lines = linesOf(list);
  const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const exact = lines.findLast(({ path }) => path !== undefined && bare(path) === name);
  const own = isOwn ? lines.findLast(({ path }) => path === undefined || last(path) === name) : undefined;
  return (exact ?? own)?.digest.toLowerCase();
}

function linesOf(list: string): ReturnType<typeof read> {
  return list.split('\n').flatMap((line) => read(line.replace(/\r$/, '')));
}

function bare(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '');
}

function read(line: string): { readonly digest: string; readonly path: string | undefined }[] {
  const [, bsdPath, bsdDigest] = BSD.exec(line) ?? [];
  if (bsdDigest !== undefined) return [{ digest: bsdDigest, path: bsdPath }];
  const [, escaped, digest, path] = GNU.exec(line) ?? [];
  if (digest === undefined) return [];
  const meant = escaped ? path?.replace(/\\[nr\\]/g, (pair) => ESCAPED[pair] ?? pair) : path;
  return [{ digest, path: meant }];
}
