import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dockerWithPostgres } from '../../../../substrates/local/testing/container-image.ts';
import { BrokenLibrary } from '../testing/broken-library.ts';
import { complaintsOf, saidBy } from '../testing/complaints.ts';
import { FURTHER_FAULTS } from '../testing/further-faults.ts';
import { noRealLibraries } from '../testing/real-library.ts';

const lab = await dockerWithPostgres();
const missing = noRealLibraries() ?? (typeof lab === 'string' ? lab : undefined);

describe.skipIf(missing).each(['v3.1.0', 'v2.7.5'])(
  `%s broken in further ways${missing ? `: ${missing}` : ''}`,
  (version) => {
    let broken: BrokenLibrary;
    const image = typeof lab === 'string' ? '' : lab.image;

    beforeAll(async () => {
      vi.stubEnv('DRILL_POSTGRES_IMAGE', image);
      broken = await BrokenLibrary.open(version, image);
    });

    afterAll(async () => {
      vi.unstubAllEnvs();
      await broken?.[Symbol.asyncDispose]();
    });

    it('whole, it passes, also after a run that passed', async () => {
      const result = await broken.drill(await broken.backup(), {}, await broken.passed());
      expect(complaintsOf(result)).toEqual([]);
      expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
      expect(saidBy(result, 'numbers')).toMatch(/^\d\d+ numbers compared with run own-.*, 0 suddenly smaller/);
    });

    it('with an index, a table, a column and an extension of its owner, it passes', async () => {
      const own = [
        'CREATE TABLE of_my_own (id int PRIMARY KEY, note text)',
        'CREATE INDEX of_my_own_too ON asset ("ownerId", type)',
        'CREATE EXTENSION btree_gin',
        'ALTER TABLE album ADD COLUMN "ofMyOwn" text',
        'CREATE VIEW my_view AS SELECT id FROM asset',
      ];
      const result = await broken.drill(await broken.backup(own), {}, await broken.passed());
      expect(complaintsOf(result)).toEqual([]);
      expect(result).toMatchObject({ verdict: 'pass', exitCode: 0 });
    });

    it.each(FURTHER_FAULTS)('$name', (fault) => broken.expectFound(fault));
  },
);
