import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { quoted } from '../../../../model/shell-word.ts';
import { MIGRATIONS } from '../../migrations.ts';

const STAND_IN = join(import.meta.dirname, '../../server/stand-in.pl');
const LAST_OF_V2_7 = '1775165531374-AddPersonNameTrigramIndex';

/** What it says it is. */
const SAYS = '3.1.0';

/** The migrations of v3 on a database of v2.7, as far as the layout of its tables is known. */
export const RUN_BY_V3 = MIGRATIONS.slice(MIGRATIONS.indexOf(LAST_OF_V2_7) + 1);

/** What the real one does to tables: the owner of an album becomes a row, columns and a table go. */
const MIGRATE = [
  `INSERT INTO album_user ("albumId", "userId", role) SELECT id, "ownerId", 'owner' FROM album`,
  'DROP TRIGGER album_delete_audit ON album',
  'ALTER TABLE album DROP COLUMN "ownerId"',
  'ALTER TABLE asset DROP COLUMN "deviceAssetId", DROP COLUMN "deviceId"',
  'ALTER TABLE asset ALTER COLUMN duration DROP DEFAULT, ALTER COLUMN duration TYPE integer USING NULL',
  'DROP TABLE audit',
  ...RUN_BY_V3.map((name) => `INSERT INTO kysely_migrations VALUES ('${name}', now()::text)`),
  `INSERT INTO version_history (version) VALUES ('3.1.0')`,
];

/** Called as the real image is: by its variables alone, with the media where it is told that they are. */
const entryOf = (version: string) => `#!/bin/sh
set -e
export PGHOST="$DB_HOSTNAME" PGPORT="$DB_PORT" PGUSER="$DB_USERNAME" PGPASSWORD="$DB_PASSWORD" PGDATABASE="$DB_DATABASE_NAME"
export LISTEN_HOST="$IMMICH_HOST" LISTEN_PORT="$IMMICH_PORT" MEDIA_VOLUME="$IMMICH_MEDIA_LOCATION" PSQL=psql
export SERVER_VERSION=${quoted(version)}
echo "Migrating to v3.1.0"
psql -X -q -v ON_ERROR_STOP=1 --single-transaction -f /next/migrate.sql
/next/after
echo "Listening"
exec perl /next/stand-in.pl
`;

/** Images of a stand-in that migrates, each with its own fault after that; they go when it is disposed of. */
export class NextVersions implements AsyncDisposable {
  readonly #base: string;
  readonly #tags: string[] = [];

  /** `base` is an image with psql and perl. */
  constructor(base: string) {
    this.#base = base;
  }

  /**
   * Builds one; `after` is a line of shell that is run when its migrations are done, and `version` what it says it is when it
   * is asked: nothing when that is empty.
   */
  async build(name: string, after = ':', statements: readonly string[] = [], version = SAYS): Promise<string> {
    const tag = `drill-test/immich-next:${name}-${process.pid}`;
    const folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
    const file = (path: string, text: string, mode = 0o644) => writeFileSync(join(folder, path), text, { mode });
    try {
      file('migrate.sql', [...MIGRATE, ...statements, ''].join(';\n'));
      file('entry', entryOf(version), 0o755);
      file('after', `#!/bin/sh\n${after}\n`, 0o755);
      copyFileSync(STAND_IN, join(folder, 'stand-in.pl'));
      file('Dockerfile', `FROM ${this.#base}\nCOPY . /next/\nENTRYPOINT ["/next/entry"]\n`);
      await execa('docker', ['build', '--quiet', '--tag', tag, folder]);
      this.#tags.push(tag);
      return tag;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#tags.length > 0) await execa('docker', ['image', 'rm', '--force', ...this.#tags]);
  }
}
