import { posix } from 'node:path';
import type { VouchedFile } from '../../model/manifest.ts';
import type { OpeningContext } from '../../model/source.ts';
import { isListOfDigests } from '../places/not-backups.ts';
import type { OpenPlace } from '../places/place.ts';
import { digestsIn } from './digest-in.ts';

const LIST = 'list';

/** Notes what lists of digests say of the files below `root`, or `only` of one of them; they lie there or in a folder above. */
export async function noteVouched(
  context: Pick<OpeningContext, 'component' | 'run' | 'volume' | 'vouched'>,
  open: OpenPlace,
  root: string,
  only?: string,
): Promise<void> {
  const vouched = new Map<string, VouchedFile>();
  for (const folder of foldersTo(root))
    for (const { path: name, modifiedAt } of await open.filesIn(folder)) {
      if (!isListOfDigests(name)) continue;
      const list = [folder, name].filter(Boolean).join('/');
      for (const { path, digest } of digestsIn(await read(context, open, list))) {
        const below = posix.relative(posix.join('/', root), posix.join('/', folder, path));
        const known = vouched.get(below);
        // What is not below the root begins with two dots; of two lists the younger one counts.
        if (below.startsWith('../') || (known && known.listedAt > modifiedAt)) continue;
        if (only !== undefined && below !== only) continue;
        vouched.set(below, { path: below, digest, list, listedAt: modifiedAt });
      }
    }
  await context.vouched([...vouched.values()]);
}

async function read(
  context: Pick<OpeningContext, 'component' | 'run' | 'volume'>,
  open: OpenPlace,
  list: string,
): Promise<string> {
  const volume = await context.volume('sums');
  try {
    await context.run({
      name: `${context.component}.sums`,
      volumes: [...open.volumes, { volume }],
      steps: () => open.fetchFile(list, `${volume.path}/${LIST}`),
    });
    return Buffer.from(await volume.read(LIST)).toString('utf8');
  } finally {
    await volume.destroy();
  }
}

/** The place itself, the root, and what lies between them. */
function foldersTo(root: string): string[] {
  const parts = posix
    .normalize(root)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  return [...parts.keys(), parts.length].map((count) => parts.slice(0, count).join('/'));
}
