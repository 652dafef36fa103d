import type { Sighting } from '../../../model/manifest.ts';
import type { Database } from '../../../model/target.ts';
import type { Shape } from './shape.ts';

/** The kind of sighting that a state makes in which Immich does or does not let people in. */
export const STATE = 'state';

/** Looks for what would keep people from their photos although every row and file is back. */
export async function servingStates(database: Database, shape: Shape): Promise<Sighting[]> {
  const settings = shape.hasTable('system_metadata', 'value') ? await settingsOf(database) : undefined;
  const state = (name: string, ok: boolean, saw: string): Sighting => ({
    id: `${STATE} ${name}`,
    kind: STATE,
    ok,
    saw,
  });
  const states: Sighting[] = [];
  if (settings) {
    const { maintenance, onboarded, passwords, oauth } = settings;
    states.push(
      state('maintenance mode', !maintenance, maintenance ? 'on: only an admin with its own link gets in' : 'off'),
    );
    states.push(
      state(
        'onboarding',
        onboarded !== 'false',
        onboarded === 'false' ? 'not done: it would begin anew' : 'done, or never recorded',
      ),
    );
    const shut = passwords === 'false' && oauth !== 'true';
    states.push(
      state('logging in', !shut, shut ? 'passwords are switched off, and OAuth is not on: nobody gets in' : 'open'),
    );
  }
  if (shape.hasTable('version_history', 'version')) {
    const [row] = await database.query<{ count: number }>('SELECT count(*)::float8 AS count FROM version_history');
    const empty = row?.count === 0;
    states.push(
      state('versions that ran', !empty, empty ? 'none: it would take itself for new' : `${row?.count} recorded`),
    );
  } else states.push(state('versions that ran', false, 'the table version_history is missing'));
  return [...states, ...(await people(database, shape, state))];
}

interface Settings {
  readonly maintenance: boolean;
  readonly onboarded: string | null;
  readonly passwords: string | null;
  readonly oauth: string | null;
}

async function settingsOf(database: Database): Promise<Settings | undefined> {
  const value = (key: string, path: string) =>
    `(SELECT value #>> '{${path}}' FROM system_metadata WHERE key = '${key}')`;
  const [row] = await database.query<Settings>(
    `SELECT coalesce(${value('maintenance-mode', 'isMaintenanceMode')} = 'true', false) AS maintenance,
       ${value('admin-onboarding', 'isOnboarded')} AS onboarded,
       ${value('system-config', 'passwordLogin,enabled')} AS passwords, ${value('system-config', 'oauth,enabled')} AS oauth`,
  );
  return row;
}

/** Somebody with a password or an account elsewhere must be left who can sign in. */
async function people(
  database: Database,
  shape: Shape,
  state: (name: string, ok: boolean, saw: string) => Sighting,
): Promise<Sighting[]> {
  if (!shape.has('user', 'password') || !shape.has('user', 'oauthId')) return [];
  const [row] = await database.query<{ count: number; some: string | null }>(
    `SELECT count(*)::float8 AS count, min(email) AS some FROM ${shape.table('user')}
     WHERE "deletedAt" IS NULL AND coalesce(password, '') = '' AND "oauthId" = ''`,
  );
  const { count = 0, some } = row ?? {};
  return [
    state('passwords', count === 0, count === 0 ? 'everybody has one' : `${count} users have none, such as ${some}`),
  ];
}
