import { expect, it } from 'vitest';
import { folderWithDocker, WORKING } from '../../substrates/local/testing/fake-docker.ts';
import { surveyPostgresContainers } from './survey.ts';

it('says which image would be used, and whether it is here', async () => {
  const here = { PATH: folderWithDocker({ ...WORKING, image: 'echo id' }), DRILL_POSTGRES_IMAGE: 'some/postgres:17' };
  const { line, ready } = await surveyPostgresContainers(here);
  expect(line).toMatch(/^28\.0\.0; .*some\/postgres:17 \(on this machine;/);
  expect(ready).toContain('some/postgres:17');
});

it('takes an image with pgvector where none is set, and says that it is not here', async () => {
  const { line, ready } = await surveyPostgresContainers({ PATH: folderWithDocker(WORKING) });
  expect(line).toMatch(/pgvector\/pgvector:pg17 \(will be pulled;/);
  expect(ready).toContain('will be pulled');
});

it('says why Docker is not used', async () => {
  expect(await surveyPostgresContainers({ PATH: folderWithDocker(undefined) })).toEqual({
    line: 'not used: there is no docker on PATH',
  });
});
