import { describeMatrixOnKind } from './testing/matrix-on-kind.ts';

/** A core of them, for which every path that needs a cluster is healthy once; the others are tried at night. */
describeMatrixOnKind(
  {
    'populator-hands-over-empty': 'files of library',
    'used-volume': 'files of library',
    'snapshot-dies-with-namespace': 'restore of library',
    'resource-secret-lost': 'resources of resources',
  },
  1,
);
