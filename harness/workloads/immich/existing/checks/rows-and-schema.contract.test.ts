import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type WorldForTest } from '../../../../../fixtures/immich/testing/open-world.ts';
import { EvidenceBuilder } from '../../../../checks/testing/evidence-builder.ts';
import { judged, subjects } from '../../../../checks/testing/verdict-of.ts';
import { observeSchema } from '../../../../kinds/postgres/observe-schema.ts';
import type { Check } from '../../../../model/check.ts';
import type { Database } from '../../../../model/target.ts';
import { inspectFound } from '../inspect.ts';
import { identifier, rowsOf } from '../numbers.ts';
import { numbers } from './numbers.ts';
import { relations } from './relations.ts';
import { removedByItself } from './removed-by-itself.ts';
import { schema } from './schema.ts';
import { serving } from './serving.ts';
import { version } from './version.ts';

const QUIETLY = 'SET session_replication_role = replica';
const LOUDLY = 'SET session_replication_role = origin';
const STAND_IN = { images: 0, mediaRoots: [], hasLibrary: false, isSample: false, storeUnchecked: false };

const CHECKS: Readonly<Record<string, Check>> = {
  schema: schema('database', []),
  relations: relations('database'),
  state: serving('database'),
  version: version('database'),
};

/** What is done to a database one after the other, which judge must see it, and what it must name. */
const LOSSES: readonly (readonly [sql: string, judge: string, subject: RegExp])[] = [
  ['ALTER TABLE asset_face DROP CONSTRAINT asset_face_pkey CASCADE', 'schema', /^constraint asset_face_pkey on /],
  ['DROP INDEX "asset_updateId_idx"', 'schema', /^index asset_updateId_idx$/],
  ['DROP TRIGGER asset_delete_audit ON asset', 'schema', /^trigger asset_delete_audit on asset$/],
  ['ALTER TABLE album DISABLE TRIGGER "album_updatedAt"', 'schema', /^trigger album_updatedAt on album$/],
  ['ALTER TABLE asset_exif DROP COLUMN "lensModel"', 'schema', /^column asset_exif.lensModel$/],
  ['ALTER TABLE person ALTER COLUMN name DROP NOT NULL', 'schema', /^column person.name$/],
  ['ALTER TABLE tag ALTER COLUMN "createdAt" DROP DEFAULT', 'schema', /^column tag.createdAt$/],
  ['ALTER TABLE memory ALTER COLUMN "isSaved" SET DEFAULT true', 'schema', /^column memory.isSaved$/],
  [`ALTER TYPE assets_status_enum RENAME VALUE 'trashed' TO 'binned'`, 'schema', /^type public.assets_status_enum$/],
  ['DROP TABLE partner CASCADE', 'schema', /^table partner$/],
  ['DROP FUNCTION updated_at() CASCADE', 'schema', /^function updated_at\(\)$/],
  [
    'ALTER TABLE stack DROP CONSTRAINT "stack_ownerId_fkey", ADD CONSTRAINT "stack_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user" (id) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID',
    'schema',
    /^constraint stack_ownerId_fkey on stack$/,
  ],
  [
    'CREATE OR REPLACE FUNCTION immich_uuid_v7(p_timestamp timestamptz DEFAULT clock_timestamp()) RETURNS uuid LANGUAGE sql VOLATILE AS $$ SELECT gen_random_uuid() $$',
    'relations',
    /does what Immich recorded of it/,
  ],
  ['DROP INDEX "activity_like_idx"', 'schema', /^index activity_like_idx$/],
  [`DELETE FROM asset_exif WHERE "assetId" IN (SELECT "assetId" FROM asset_exif LIMIT 1)`, 'relations', /row of exif/],
  [`UPDATE asset SET checksum = '' WHERE id IN (SELECT id FROM asset LIMIT 1)`, 'relations', /checksum of 20 bytes/],
  [`UPDATE "user" SET "quotaUsageInBytes" = 1e15 WHERE "isAdmin"`, 'relations', /uses more bytes/],
  [`DELETE FROM album_user WHERE role::text = 'owner'`, 'relations', /album has an owner/],
  ['DELETE FROM album_asset', 'relations', /album with a cover has assets/],
  ['DELETE FROM asset_face', 'relations', /person with a face/],
  ['DELETE FROM tag_closure', 'relations', /tag is in the tree/],
  ['UPDATE asset SET "stackId" = NULL', 'relations', /stack has its first asset/],
  [
    `INSERT INTO system_metadata VALUES ('maintenance-mode', '{"isMaintenanceMode": true}')`,
    'state',
    /^maintenance mode$/,
  ],
  [
    `INSERT INTO system_metadata VALUES ('admin-onboarding', '{"isOnboarded": false}') ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`,
    'state',
    /^onboarding$/,
  ],
  [
    `INSERT INTO system_metadata VALUES ('system-config', '{"passwordLogin": {"enabled": false}}') ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`,
    'state',
    /^logging in$/,
  ],
  [`UPDATE "user" SET password = '', "oauthId" = ''`, 'state', /^passwords$/],
  ['DELETE FROM version_history', 'state', /^versions that ran$/],
];

describe('rows and schema', () => {
  let made: WorldForTest;
  let database: Database;

  beforeAll(async () => {
    made = await openWorld({ assets: 60, users: 3, seed: 1, photoKib: 32 });
    database = made.world.database('database');
  });

  afterAll(async () => {
    await made?.[Symbol.asyncDispose]();
  });

  async function seen(): Promise<EvidenceBuilder> {
    const { facts, sightings, numbers } = await inspectFound(made.world, () => undefined, {
      ...STAND_IN,
      openDecoder: () => Promise.reject(new Error('nothing is decoded')),
    });
    return new EvidenceBuilder()
      .with({ facts, numbers: numbers ?? {} })
      .list('after', 'database', 'schema', await observeSchema(database))
      .list('after', 'database', 'sightings', sightings);
  }

  it('a library that is whole has nothing to say, with what its owner has added', async () => {
    await database.query(
      'CREATE TABLE of_my_own (id int PRIMARY KEY); CREATE INDEX of_my_own_too ON asset ("ownerId", type); CREATE EXTENSION IF NOT EXISTS btree_gin',
    );
    const evidence = await seen();
    for (const check of Object.values(CHECKS)) {
      const judgement = await judged(check, evidence);
      expect(judgement.findings ?? [], check.name).toEqual([]);
      expect(judgement.verdict, check.name).toBe('pass');
    }
    await database.query('DROP TABLE of_my_own; DROP INDEX of_my_own_too');
  });

  it('the loss of more than a tenth of the rows of any table is found', async () => {
    const whole = (await seen().then((evidence) => evidence.build())).numbers;
    const check = numbers('database', { run: 'yesterday', counts: whole });
    expect(await judged(check, await seen())).toMatchObject({ verdict: 'pass' });
    const tables = await database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
    );
    let found = 0;
    for (const { name } of tables) {
      const before = whole[rowsOf(name)] ?? 0;
      if (before === 0) continue;
      const table = identifier(name);
      const lost = Math.floor(before * 0.1) + 1;
      await database.query(
        `${QUIETLY}; CREATE TABLE kept AS TABLE ${table}; DELETE FROM ${table} WHERE ctid IN (SELECT ctid FROM ${table} LIMIT ${lost}); ${LOUDLY}`,
      );
      const judgement = await judged(check, await seen());
      await database.query(
        `${QUIETLY}; DELETE FROM ${table}; INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept; DROP TABLE kept; ${LOUDLY}`,
      );
      if (removedByItself(rowsOf(name), before - lost))
        expect(judgement.actual, name).toContain(`rows of ${name} ${before} → `);
      else expect(subjects(judgement), name).toContain(rowsOf(name));
      found += 1;
    }
    expect(found).toBeGreaterThan(30);
  });

  it('every loss is named, and what is known to differ is not', async () => {
    for (const [sql, judge, subject] of LOSSES) {
      await database.query(`${QUIETLY}; ${sql}; ${LOUDLY}`);
      const check = CHECKS[judge];
      if (!check) throw new Error(`there is no judge ${judge}`);
      const judgement = await judged(check, await seen());
      expect(judgement.verdict, sql).toBe('fail');
      expect(
        subjects(judgement).some((one) => subject.test(one)),
        `${sql}: ${subjects(judgement).join(', ')}`,
      ).toBe(true);
    }
    const allowed = subjects(await judged(schema('database', []), await seen()));
    expect(await judged(schema('database', allowed), await seen())).toMatchObject({ verdict: 'pass' });
    await database.query(
      `INSERT INTO version_history (version) VALUES ('3.1.0'); INSERT INTO kysely_migrations VALUES ('1999999999999-Tomorrow', 'now')`,
    );
    expect(subjects(await judged(version('database'), await seen()))).toEqual(['migration 1999999999999-Tomorrow']);
    expect(await judged(schema('database', []), await seen())).toMatchObject({ verdict: 'fail' });
    expect(await judged(schema('database', allowed), await seen())).toMatchObject({ verdict: 'unknown' });
  });
});
