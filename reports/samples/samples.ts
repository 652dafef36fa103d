import type { RunResult } from '../../harness/model/result.ts';
import { failed, harnessFailure, interrupted, unknown } from './others.ts';
import { passed } from './passed.ts';
import { empty, weird } from './weird.ts';

/** One result of each kind, for tests and for looking at reports. */
export const samples = { passed, failed, unknown, harnessFailure, interrupted, weird, empty } satisfies Record<
  string,
  RunResult
>;
