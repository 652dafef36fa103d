import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsWhen, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'uploads-missing',
  about: 'The folder that the originals lie in was left out of the backup.',
  ruins: 'media',
  fits: (copy) => fitsWhen(originalsOf(copy).length > 0, 'no original lies in the library'),
  ruin: async (copy) => await copy.media.remove(topOf(copy)),
};

/** The one that most of them lie in. */
function topOf(copy: BackupCopy): string {
  const tops = Map.groupBy(originalsOf(copy), ({ path }) => path.slice(0, path.indexOf('/')));
  return [...tops].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? 'upload';
}

export default sabotage;
