import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Docker } from '../../../machine/docker/docker.ts';
import { hasImage } from '../../../machine/docker/postgres-image.ts';

/** A Docker that answers, and an image with Postgres and pgvector on it; otherwise why a test cannot have them. */
export async function dockerWithPostgres(): Promise<{ docker: Docker; image: string } | string> {
  const docker = await Docker.find();
  if (!(docker instanceof Docker)) return docker;
  const image = imageForTests();
  if (!image) return 'neither DRILL_TEST_POSTGRES_IMAGE nor images.json in LAB_HOME names an image with Postgres';
  return (await hasImage(docker, image)) ? { docker, image } : `the image ${image} is not on this machine`;
}

/** `DRILL_TEST_POSTGRES_IMAGE`, or the entry `postgres` of `images.json` in the folder that `LAB_HOME` names. */
function imageForTests(): string | undefined {
  const { DRILL_TEST_POSTGRES_IMAGE: named, LAB_HOME: lab } = process.env;
  if (named || !lab) return named || undefined;
  try {
    const images = JSON.parse(readFileSync(join(lab, 'images.json'), 'utf8')) as { postgres?: string };
    return images.postgres;
  } catch {
    return undefined;
  }
}
