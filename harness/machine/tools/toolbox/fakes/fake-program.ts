import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A shell script that says one line. */
export function scriptSaying(line: string): string {
  return `#!/bin/sh\necho "${line}"\n`;
}

/** Writes an executable script; gives its path. */
export async function fakeProgram(folder: string, name: string, script: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const location = join(folder, name);
  await writeFile(location, script, { mode: 0o755 });
  return location;
}

/** An empty folder that lasts as long as the test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drill-tools-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
