import type { KeyObject } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readAnchor } from '../../reports/history/anchor.ts';
import { FileHistory } from '../../reports/history/file-store.ts';
import { openSigner, readPublicKeys } from '../../reports/history/signature.ts';
import type { HistoryStore } from '../../reports/history/store.ts';
import { type VerifiedHistory, verifyHistory } from '../../reports/history/verify.ts';
import { withLock } from '../machine/tools/toolbox/lock.ts';
import { DrillError } from '../model/error.ts';

/** What `--history` means, wherever it is an option. */
export const HISTORY_HELP = 'where the history is: a folder, or s3://bucket/prefix (DRILL_HISTORY, DRILL_STATE)';

const LOCK_BUDGET_MS = 60_000;
const LOCK = { code: 'history-locked', where: 'history', others: 'no other drill is ending' };

/** Options of every command that reads the history. */
export interface HistoryOptions {
  readonly history?: string;
  readonly publicKey?: string;
}

/** Adds those options to a command. */
export function withHistoryOptions(command: Command): Command {
  return command
    .option('--history <place>', HISTORY_HELP)
    .option(
      '--public-key <file>',
      'keys that its signatures must be made with; the public half of DRILL_HISTORY_KEY when left out',
    );
}

/** The history by its place: signed when `DRILL_HISTORY_KEY` names a key. */
export async function openHistory(place?: string, env: NodeJS.ProcessEnv = process.env): Promise<HistoryStore> {
  const location = place ?? env.DRILL_HISTORY ?? stateFolderOf(env);
  const signer = env.DRILL_HISTORY_KEY ? openSigner(env.DRILL_HISTORY_KEY) : undefined;
  if (/^[a-z0-9]+:\/\//.test(location)) {
    // The client of S3 is large, and most histories are files.
    const { S3History } = await import('../../reports/history/s3-store.ts');
    return new S3History(location, env, signer);
  }
  const options = { about: LOCK, budgetMs: LOCK_BUDGET_MS };
  return new FileHistory(resolve(location), (file, work) => withLock(file, work, options), signer);
}

/** Reads the history and checks it, with the keys that are known. */
export async function readHistory(
  { history, publicKey }: HistoryOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<VerifiedHistory> {
  const store = await openHistory(history, env);
  const keys = keysOf(publicKey ?? env.DRILL_HISTORY_PUBLIC_KEY, env);
  // The anchor first: a record that is written in between is in the history already.
  const anchor = readAnchor(anchorsOf(env), historyName(store.location, env));
  return verifyHistory(await store.read(), keys, anchor);
}

/** A history as no other is called: buckets of two servers may have the same name. */
export function historyName(location: string, env: NodeJS.ProcessEnv = process.env): string {
  if (!location.startsWith('s3://')) return location;
  return `${location.replace(/\/+$/, '')} at ${env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL ?? 'AWS'}`;
}

/** Where anchors of histories are kept: `DRILL_ANCHORS`, else beside what else outlives runs; undefined when there is no such place. */
export function anchorsOf(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.DRILL_ANCHORS) return resolve(env.DRILL_ANCHORS);
  const state = env.DRILL_STATE || env.XDG_STATE_HOME || env.HOME ? stateFolderOf(env) : undefined;
  return state && join(state, 'anchors');
}

function keysOf(file: string | undefined, env: NodeJS.ProcessEnv): KeyObject[] {
  if (file) return readPublicKeys(file);
  return env.DRILL_HISTORY_KEY ? [openSigner(env.DRILL_HISTORY_KEY).publicKey] : [];
}

/** Where what outlives runs is kept: `$DRILL_STATE`, else `$XDG_STATE_HOME/restore-drill`, else `~/.local/state/restore-drill`. */
function stateFolderOf(env: NodeJS.ProcessEnv): string {
  if (env.DRILL_STATE) return resolve(env.DRILL_STATE);
  if (env.XDG_STATE_HOME) return join(resolve(env.XDG_STATE_HOME), 'restore-drill');
  if (env.HOME) return join(resolve(env.HOME), '.local', 'state', 'restore-drill');
  throw new DrillError({
    code: 'history-nowhere',
    where: 'history',
    what: 'There is no folder for the history: neither DRILL_STATE nor XDG_STATE_HOME nor HOME is set.',
    next: 'set DRILL_STATE, or name a place with --history.',
    blame: 'usage',
  });
}
