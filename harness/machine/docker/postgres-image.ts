import { DrillError } from '../../model/error.ts';
import { tool as postgres } from '../tools/postgres.ts';
import type { Environment } from '../tools/toolbox/environment.ts';
import type { Docker } from './docker.ts';

/** Immich keeps its search vectors in Postgres: the official image alone lacks the pgvector extension that it needs. */
const DEFAULT_IMAGE = 'pgvector/pgvector:pg';
const DEFAULT_MAJOR = 17;
const IMAGE_VARIABLE = 'DRILL_POSTGRES_IMAGE';
const PULL_BUDGET_MS = 20 * 60_000;

/** The image that Postgres runs from as a container: `DRILL_POSTGRES_IMAGE`, or one with pgvector, of a major version. */
export function postgresImage(env: Environment, major = DEFAULT_MAJOR): string {
  return env[IMAGE_VARIABLE] || `${DEFAULT_IMAGE}${major}`;
}

/** Whether the image is on this machine already. */
export async function hasImage(docker: Docker, image: string): Promise<boolean> {
  return (await docker.run(['image', 'inspect', '--format', '{{.Id}}', image])).ok;
}

/** Pulls the image unless it is there, and gives the version of its Postgres. */
export async function preparePostgresImage(
  docker: Docker,
  image: string,
  { signal, note }: { signal: AbortSignal; note: (line: string) => void },
): Promise<string> {
  if (!(await hasImage(docker, image))) {
    note(`pulling the image ${image}: once, some minutes`);
    const pulled = await docker.run(['pull', '--quiet', image], { budgetMs: PULL_BUDGET_MS, signal });
    if (!pulled.ok)
      throw unusable(
        'image-missing',
        `Postgres was to run as a container, but its image ${image} is not on this machine and could not be pulled.`,
        `run \`docker pull ${image}\` where there is a network, or set ${IMAGE_VARIABLE} to an image with Postgres that is here (a search by vectors needs pgvector in it).`,
        pulled.tail,
      );
  }
  const asked = await docker.run(
    [
      ...['run', '--rm', '--pull=never', '--network=none', '--log-driver=none', '--entrypoint=postgres', image],
      ...postgres.version.args,
    ],
    { signal },
  );
  const version = asked.ok ? postgres.version.pattern.exec(asked.stdout)?.[1] : undefined;
  if (version) return version;
  throw unusable(
    'image-unusable',
    `The image ${image} was to run Postgres, but \`postgres --version\` in it does not tell a version.`,
    `set ${IMAGE_VARIABLE} to an image with Postgres in it, or unset it.`,
    asked.tail,
  );
}

function unusable(code: string, what: string, next: string, tail: string): DrillError {
  return new DrillError({ code, where: 'substrate/local', what, next, blame: 'environment', tail });
}
