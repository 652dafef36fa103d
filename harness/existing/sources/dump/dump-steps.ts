import type { Step } from '../../../model/job.ts';
import type { Volume } from '../../../model/target.ts';

/** How much of its beginning tells what a dump is. */
export const HEAD_BYTES = 16_384;
/** What a dump begins with is data: it goes to no log. */
const HEAD = 'head -c "$1" "$2" >head.bin';
/** One dump or all files of one; the names go with the bytes. */
const DIGEST =
  'if [ -d "$1" ]; then cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum; else sha256sum <"$1"; fi';

/** Puts the beginning of a file of a volume beside it, to be read from there. */
export function headStep(work: Volume, file: string): Step {
  return { program: 'sh', args: ['-c', HEAD, 'sh', String(HEAD_BYTES), file], cwd: work.path };
}

/** Tells the digest of the dump in a volume. */
export function digestStep(work: Volume): Step {
  return { program: 'sh', args: ['-c', DIGEST, 'sh', `${work.path}/dump`] };
}
