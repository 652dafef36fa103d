const GNU = /^(\\?)([0-9a-f]{64})(?: [ *](.+))?$/i;
const BSD = /^SHA2?-?256 \((.+)\) = ([0-9a-f]{64})$/i;
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\\\': '\\' };

/**
 * The SHA-256 that a list has for a file beside it; undefined when it has no line for it. Such lists are often made where
 * they lie, so that they list themselves, half written, or only what is inside of an archive. `isOwn`: the list is that of
 * this file alone, and whatever its line calls the file, only the last part of the name counts.
 */
export function digestIn(list: string, name: string, isOwn: boolean): string | undefined {
  const lines = list.split('\n').flatMap((line) => read(line.replace(/\r$/, '')));
  const bare = (path: string) => path.replace(/^(?:\.\/+)+/, '');
  const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const exact = lines.findLast(({ path }) => path !== undefined && bare(path) === name);
  const own = isOwn ? lines.findLast(({ path }) => path === undefined || last(path) === name) : undefined;
  return (exact ?? own)?.digest.toLowerCase();
}

function read(line: string): { readonly digest: string; readonly path: string | undefined }[] {
  const [, bsdPath, bsdDigest] = BSD.exec(line) ?? [];
  if (bsdDigest !== undefined) return [{ digest: bsdDigest, path: bsdPath }];
  const [, escaped, digest, path] = GNU.exec(line) ?? [];
  if (digest === undefined) return [];
  const meant = escaped ? path?.replace(/\\[nr\\]/g, (pair) => ESCAPED[pair] ?? pair) : path;
  return [{ digest, path: meant }];
}
