import type { Component } from '../../model/workload.ts';
import { MARKER, SECRETS_FILE } from './layout.ts';

/** The parts of Immich, each with a backup path of its own. */
export const COMPONENTS: readonly Component[] = [
  {
    name: 'library',
    kind: 'volume',
    title: 'Photos and videos (the media root)',
    // Immich makes thumbnails and transcodes again from the originals; its own dumps are no part of the library.
    regenerable: ['thumbs', 'encoded-video', 'backups'],
    folderMarkers: [MARKER],
  },
  { name: 'database', kind: 'postgres', title: 'Database', regenerable: [], calledByName: ['asset'] },
  { name: 'redis', kind: 'redis', title: 'Job queues', regenerable: [] },
  { name: 'models', kind: 'volume', title: 'Machine-learning models', regenerable: [] },
  {
    name: 'config',
    kind: 'volume',
    title: 'Helm values, manifests and secrets',
    regenerable: [],
    secretFiles: [SECRETS_FILE],
  },
  { name: 'resources', kind: 'kubernetes', title: 'Kubernetes resources', regenerable: [] },
];

/**
 * The order of Immich's documentation: a file without a row can be uploaded again, a row without a file is a photo lost.
 * https://docs.immich.app/administration/backup-and-restore
 */
export const BACKUP_ORDER: readonly string[] = ['database', 'library', 'redis', 'models', 'config', 'resources'];

/** Files before rows: Immich looks at its folders before it restores a database. */
export const RESTORE_ORDER: readonly string[] = ['config', 'resources', 'library', 'database', 'redis', 'models'];
