import type { Environment } from '../tools/toolbox/environment.ts';
import { Docker } from './docker.ts';
import { hasImage, postgresImage } from './postgres-image.ts';

/** What `drill doctor` says about Docker. */
export interface DockerSurvey {
  /** One line: whether Docker answers, and which image Postgres would run from. */
  readonly line: string;
  /** What happens when Postgres is missing; undefined when it cannot run as a container. */
  readonly ready?: string;
}

/** Whether Docker answers and which image would be used; pulls and starts nothing. */
export async function surveyPostgresContainers(env: Environment = process.env): Promise<DockerSurvey> {
  const docker = await Docker.find(env);
  const image = postgresImage(env);
  const when = 'where its programs are missing (DRILL_POSTGRES=container: always)';
  if (!(docker instanceof Docker)) return { line: `not used: ${docker}` };
  const state = (await hasImage(docker, image)) ? 'on this machine' : 'will be pulled';
  return {
    line: `${docker.version}; Postgres runs from ${image} (${state}; DRILL_POSTGRES_IMAGE changes it) ${when}`,
    ready: `nothing: it runs as containers of the image ${image}, which ${state === 'on this machine' ? 'is on this machine' : 'will be pulled once'}.`,
  };
}
