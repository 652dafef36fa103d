import { describeMatrixOnKind } from './testing/matrix-on-kind.ts';

/** Of those that need a cluster, one for each way in which it fails; the number is that of the list in issue 5. */
describeMatrixOnKind(
  {
    'populator-hands-over-empty': 'files of library', // 18
    'used-volume': 'files of library', // 20
    'volume-restored-while-pods-live': 'files of library', // 22
    'volume-not-annotated': 'files of library', // 23
    'snapshot-dies-with-namespace': 'restore of library', // 24
    'other-tenant-restored': 'files of library', // 33
    'resource-field-changed': 'resources of resources',
    'resource-secret-lost': 'resources of resources',
  },
  ['volume-snapshot', 'restic', 'kube-export'],
  2,
);
