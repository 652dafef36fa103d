import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsWhen, originalAt, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'folder-missing',
  about: 'The folder of a user, or of one of their years, is not there.',
  ruins: 'media',
  fits: (copy) => fitsWhen(originalsOf(copy).length > 0, 'no original lies in the library'),
  ruin: async (copy) => await copy.media.remove(folderIn(copy)),
};

/** `upload/<user>`, or `library/<user>/<year>`. */
function folderIn(copy: BackupCopy): string {
  const parts = originalAt(copy, 0.5).split('/');
  const depth = parts[0] === 'library' && parts.length > 3 ? 3 : 2;
  return parts.slice(0, Math.min(depth, parts.length - 1)).join('/');
}

export default sabotage;
