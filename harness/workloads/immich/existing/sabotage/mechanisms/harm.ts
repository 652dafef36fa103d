import type { RuinedCopy } from '../../../../../existing/sabotage/own-sabotage.ts';
import type { Volume } from '../../../../../model/target.ts';

/** Changes a file by a script that knows it as "$1", and leaves it the time that it had: nothing but its bytes tells. */
export async function harm(copy: RuinedCopy, volume: Volume, path: string, script: string): Promise<void> {
  const keepingTime = `set -e
at=$(stat -c %.9Y "$1")
size=$(stat -c %s "$1")
${script}
touch -d "@$at" "$1"`;
  await copy.run(keepingTime, `${volume.path}/${path}`);
}

/** Other bytes in the middle, as a disk that rots gives back. */
export const OTHER_BYTES = `bytes=64
[ "$size" -ge 128 ] || bytes=1
head -c "$bytes" /dev/zero | tr '\\0' '\\245' | dd of="$1" bs=1 seek=$((size / 2)) conv=notrunc status=none`;

/** The second half is gone, as after a full disk. */
export const HALF = 'truncate -s $((size / 2)) "$1"';

/** Nothing is left but the name. */
export const EMPTY = 'truncate -s 0 "$1"';

/** What a proxy answers when it was asked for a photo. */
export const ERROR_PAGE = `echo '<html><body><h1>502 Bad Gateway</h1></body></html>' >"$1"`;
