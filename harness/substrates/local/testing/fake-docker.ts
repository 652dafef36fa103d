import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What a client of Docker does when it is called so, as a line of shell; other calls fail. */
export interface DockerAnswers {
  readonly version?: string;
  readonly info?: string;
  readonly image?: string;
  readonly pull?: string;
  readonly run?: string;
  readonly ps?: string;
  readonly rm?: string;
}

/** The answers of a daemon that is well. */
export const WORKING: DockerAnswers = { version: 'echo 28.0.0', info: `echo '["name=seccomp"]'` };

/** A folder for `PATH` with a client of Docker, or with nothing; it lasts as long as the test. */
export function folderWithDocker(answers: DockerAnswers | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (!answers) return folder;
  const cases = Object.entries(answers).map(([command, answer]) => `${command}) ${answer} ;;`);
  const script = ['#!/bin/sh', 'case "$1" in', ...cases, '*) exit 9 ;;', 'esac', ''].join('\n');
  writeFileSync(join(folder, 'docker'), script, { mode: 0o755 });
  return folder;
}
