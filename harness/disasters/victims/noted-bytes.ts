const SEPARATOR = ' was sha256 ';

/** A file by name, and what its bytes were: a line for people that can be read back. */
export interface NotedBytes {
  readonly path: string;
  readonly sha256: string;
}

/** Writes a file's name and the checksum of its bytes in one line. */
export function noteBytes({ path, sha256 }: NotedBytes): string {
  return `${path}${SEPARATOR}${sha256}`;
}

/** Reads what `noteBytes` wrote; undefined when it is something else. */
export function readNotedBytes(line: string): NotedBytes | undefined {
  const end = line.lastIndexOf(SEPARATOR);
  return end < 0 ? undefined : { path: line.slice(0, end), sha256: line.slice(end + SEPARATOR.length) };
}
