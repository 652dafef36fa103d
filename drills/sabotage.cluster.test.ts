import { describeMatrixOnKind } from './testing/matrix-on-kind.ts';

/** A core of them, one of what the storage loses and one of what the API does; the others are tried at night. */
describeMatrixOnKind(
  {
    'snapshot-dies-with-namespace': 'restore of library',
    'resource-secret-lost': 'resources of resources',
  },
  ['volume-snapshot', 'kube-export'],
  1,
);
