import { posix } from 'node:path';

const SEGMENT = /^[0-9A-F]{24}$/;

/**
 * Where in a place the log lies that a link of the copy points to: below the folder of the place, or, in a place that holds
 * a whole machine, under its own path. Undefined when the link leaves the place.
 */
export function walInside(target: string, { folder, root }: { folder: string; root: string }): string | undefined {
  if (target === '' || target.includes('\0')) return undefined;
  const path = posix.isAbsolute(target) ? belowRoot(target, root) : posix.join(folder, target);
  const inside = posix.normalize(path).replace(/^\/+|\/+$/g, '');
  return inside === '' || inside === '.' || inside === '..' || inside.startsWith('../') ? undefined : inside;
}

/** Whether files are those of a write-ahead log. */
export function isLog(files: readonly { readonly path: string }[]): boolean {
  return files.some(({ path }) => SEGMENT.test(path));
}

function belowRoot(target: string, root: string): string {
  const path = posix.normalize(target);
  const base = posix.isAbsolute(root) ? `${posix.normalize(root).replace(/\/+$/, '')}/` : '/';
  return path.startsWith(base) ? path.slice(base.length) : path;
}
