import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { S3ServerName } from '../../../machine/object-store/s3-servers.ts';
import { DrillError } from '../../../model/error.ts';
import type { Program } from '../../../model/job.ts';

/** What an image is for: the node of a cluster, a server, or the programs of a job. */
export const IMAGE_ROLES = [
  'kindNode',
  'postgres',
  'minio',
  'versitygw',
  'redis',
  'restic',
  'aws',
  'rclone',
  'shell',
] as const;

/** Images of one major version of Postgres each, for backups that need another than the role `postgres` has. */
const POSTGRES_ROLES = ['postgres14', 'postgres15', 'postgres16', 'postgres17', 'postgres18'] as const;

export type ImageRole = (typeof IMAGE_ROLES)[number] | (typeof POSTGRES_ROLES)[number];

/** Roles to images; a role without one cannot be used. */
export type ImageMap = Readonly<Partial<Record<ImageRole, string>>>;

/** The file that names other images, as JSON or YAML. */
export const IMAGES_VARIABLE = 'DRILL_IMAGES';

/** The official image has no pgvector, which Immich keeps its search vectors in. */
const PUBLIC_POSTGRES = 'pgvector/pgvector:0.8.1-pg';

/** Public images, pinned by tag. */
const PUBLIC: ImageMap = {
  kindNode: 'kindest/node:v1.37.0',
  postgres: `${PUBLIC_POSTGRES}17`,
  // MinIO was archived in 2026 and its public images are gone: there is no default, and VersityGW serves instead.
  versitygw: 'versity/versitygw:v1.8.0',
  redis: 'redis:7.4.2',
  restic: 'restic/restic:0.18.1',
  aws: 'amazon/aws-cli:2.31.0',
  rclone: 'rclone/rclone:1.75.1',
  // GNU tar, find, coreutils, gzip and gpg. It has neither age nor zstd: an image of your own is named for those.
  shell: 'buildpack-deps:trixie-curl',
};

/** Programs that do not come from the image of small tools. */
const ROLE_OF: Readonly<Record<Program, ImageRole>> = {
  restic: 'restic',
  aws: 'aws',
  rclone: 'rclone',
  minio: 'minio',
  versitygw: 'versitygw',
  'redis-cli': 'redis',
  'redis-server': 'redis',
  postgres: 'postgres',
  initdb: 'postgres',
  psql: 'postgres',
  // For what asks the database by psql, which no other image has for certain.
  perl: 'postgres',
};

/** `registry:port/path/name:tag@digest`; only the name must be there. */
const NAME = /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const error = ({ input }: { input?: unknown }) => `${JSON.stringify(input)} is not the name of an image`;
const IMAGE = z.string({ error }).regex(NAME, { error });

const FILE = z.strictObject(
  Object.fromEntries([...IMAGE_ROLES, ...POSTGRES_ROLES].map((role) => [role, IMAGE.optional()])),
) as z.ZodType<ImageMap>;

/** The role whose image brings a program. */
export function roleOf(program: Program): ImageRole {
  return ROLE_OF[program] ?? (program.startsWith('pg_') ? 'postgres' : 'shell');
}

/** Images with a Postgres of at least some major version, the oldest first: those of the file, then the public one. */
export function postgresImages(images: ImageMap, major: number): { readonly major: number; readonly image: string }[] {
  const versions = POSTGRES_ROLES.map((role) => ({ role, major: Number(role.slice('postgres'.length)) }));
  const later = versions.filter((one) => one.major >= major);
  const named = later.flatMap(({ role, major }) => (images[role] ? [{ major, image: images[role] }] : []));
  return [...named, ...later.map((one) => ({ major: one.major, image: `${PUBLIC_POSTGRES}${one.major}` }))];
}

/** The images to use: those of the file, and public ones for roles that it leaves out. */
export function loadImages(file: string | undefined = process.env[IMAGES_VARIABLE]): ImageMap {
  return file ? { ...PUBLIC, ...readImages(file) } : PUBLIC;
}

/** The S3 server that a cluster starts unless another is asked for: MinIO where there is an image of it. */
export function defaultS3({ minio }: ImageMap): S3ServerName {
  return minio === undefined ? 'versitygw' : 'minio';
}

/** Why a role has no image, for people; empty when it has one. */
export function whyNone(images: ImageMap, role: ImageRole): string {
  if (images[role]) return '';
  return role === 'minio'
    ? 'none: MinIO was archived in 2026 and its public images are gone; versitygw is used instead'
    : 'none';
}

/** The image of a role, or an error that says how to name one. */
export function imageOf(images: ImageMap, role: ImageRole): string {
  const image = images[role];
  if (image) return image;
  throw new DrillError({
    code: 'image-unknown',
    where: 'images',
    what: `No image is known for ${role}${role === 'minio' ? ', whose public images are gone' : ''}.`,
    next: `name one as "${role}" in a file for --images (or ${IMAGES_VARIABLE})${role === 'minio' ? ', or take versitygw' : ''}.`,
    blame: 'usage',
  });
}

function readImages(file: string): ImageMap {
  try {
    // JSON is YAML, too.
    return FILE.parse(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? problems(error) : error instanceof Error ? error.message : '';
    throw new DrillError({
      code: 'images-unreadable',
      where: 'images',
      what: `The image map ${file} cannot be used: ${why.replaceAll('\n', ' ')}.`,
      next: `make it a map of roles (${IMAGE_ROLES.join(', ')}) to images, in JSON or YAML.`,
      blame: 'usage',
      cause: error,
    });
  }
}

/** All that is wrong with the file, each with the role that it is about. */
function problems({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');
}
