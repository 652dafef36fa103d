/** What people and tools put beside a backup: sums, signatures, lists, logs. */
const BESIDE = /\.(sha\d{1,3}|md5|b2|sum|sums|sig|minisig|par2|json|log|md|html?|ya?ml|xml|conf|ini|env|sh|err)$/i;
const LISTS = /^((sha\d{1,3}|md5|b2)sums?|checksums?)(\.(txt|sha\d{1,3}|md5))?$/i;
/** What is still being written, or never was to its end: Immich, browsers, rclone and rsync call it so. */
const HALF = /\.(tmp|temp|part|partial|crdownload|filepart|download|incomplete)$/i;
const RSYNC = /^\..+\.[A-Za-z0-9]{6}$/;
/** Hidden files and texts are backups only where nothing else is. */
const DOUBTFUL = /^\.|\.txt$|^(desktop\.ini|thumbs\.db)$/i;

/** Whether a file is a list of the digests of others, by its name. */
export function isListOfDigests(name: string): boolean {
  return LISTS.test(name);
}

/** How far a file is from being a backup: none at all, perhaps one, surely none. */
export type Doubt = 'none' | 'some' | 'beside' | 'half-written';

/** Whether a file can be the backup that a pattern means; what the pattern names by its ending is meant. */
export function doubtAbout(path: string, pattern: string, all: ReadonlySet<string>): Doubt {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = /\.[A-Za-z0-9]+$/.exec(name)?.[0];
  const isNamed = ending !== undefined && pattern.toLowerCase().endsWith(ending.toLowerCase());
  if (isNamed || pattern === name || pattern === path) return 'none';
  if (HALF.test(name) || RSYNC.test(name)) return 'half-written';
  if (BESIDE.test(name) || LISTS.test(name)) return 'beside';
  // The signature of a file, and not one that is armored itself.
  if (/\.asc$/i.test(path) && all.has(path.slice(0, -'.asc'.length))) return 'beside';
  return DOUBTFUL.test(name) ? 'some' : 'none';
}
