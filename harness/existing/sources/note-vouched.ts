import { posix } from 'node:path';
import { linesOf } from '../../model/lines.ts';
import type { VouchedFile } from '../../model/manifest.ts';
import type { OpeningContext } from '../../model/source.ts';
import { isListOfDigests } from '../places/not-backups.ts';
import { type OpenPlace, piecesOf } from '../places/place.ts';
import { digestsIn } from './digest-in.ts';

const LIST = 'list';

type Context = Pick<OpeningContext, 'component' | 'run' | 'volume' | 'vouched'>;

/** Notes what lists of digests say of the files below `root`, or `only` of one of them; they lie there or in a folder above. */
export async function noteVouched(context: Context, open: OpenPlace, root: string, only?: string): Promise<void> {
  await context.vouched(vouchedFiles(context, open, root, only));
}

async function* vouchedFiles(
  context: Context,
  open: OpenPlace,
  root: string,
  only: string | undefined,
): AsyncGenerator<VouchedFile> {
  for (const folder of foldersTo(root))
    for (const { path: name, modifiedAt } of await open.filesIn(folder)) {
      if (!isListOfDigests(name)) continue;
      const list = [folder, name].filter(Boolean).join('/');
      for await (const line of linesOfList(context, open, list))
        for (const { path, digest } of digestsIn(line)) {
          // One that names where a file lay on another machine says nothing of where it lies here, and is told as such.
          const below = path.startsWith('/')
            ? path
            : posix.relative(posix.join('/', root), posix.join('/', folder, path));
          // What is not below the root begins with two dots.
          if (below.startsWith('../') || (only !== undefined && below !== only)) continue;
          yield { path: below, digest, list, listedAt: modifiedAt };
        }
    }
}

/** A list may have as many lines as there are files: it is read piece by piece. */
async function* linesOfList(context: Context, open: OpenPlace, list: string): AsyncGenerator<string> {
  const volume = await context.volume('sums');
  try {
    await context.run({
      name: `${context.component}.sums`,
      volumes: [...open.volumes, { volume }],
      steps: () => open.fetchFile(list, `${volume.path}/${LIST}`),
    });
    yield* linesOf(piecesOf(volume, LIST));
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
