import { backupSet } from '../../checks/backup-set.ts';
import { canaries } from '../../checks/canaries.ts';
import { fileAttributes } from '../../checks/file-attributes.ts';
import { files } from '../../checks/files.ts';
import { filesToRows } from '../../checks/files-to-rows.ts';
import { freshness } from '../../checks/freshness.ts';
import { gone } from '../../checks/gone.ts';
import { identity } from '../../checks/identity.ts';
import { inventory } from '../../checks/inventory.ts';
import { keys } from '../../checks/keys.ts';
import { objectives } from '../../checks/objectives.ts';
import { ready } from '../../checks/ready.ts';
import { resources } from '../../checks/resources.ts';
import { rows } from '../../checks/rows.ts';
import { rowsToFiles } from '../../checks/rows-to-files.ts';
import { schema } from '../../checks/schema.ts';
import { secretsSealed } from '../../checks/secrets-sealed.ts';
import type { Check } from '../../model/check.ts';
import { markers } from './markers.ts';

/** The markers themselves and Immich's own dumps lie in the media root without a row of their own. */
const WITHOUT_ROW = /(^|\/)\.immich$|^backups\//;

/** What every drill of Immich is judged by. */
export const CHECKS: readonly Check[] = [
  files('library'),
  fileAttributes('library'),
  markers('library'),
  rows('database'),
  schema('database'),
  inventory('database'),
  rowsToFiles('database'),
  filesToRows('database', 'library', { ignore: (path) => WITHOUT_ROW.test(path) }),
  keys('redis'),
  files('models'),
  fileAttributes('models'),
  files('config'),
  fileAttributes('config'),
  resources('resources'),
  secretsSealed(),
  backupSet(),
  canaries(),
  gone(),
  identity(),
  freshness(),
  ready(),
  objectives(),
];
