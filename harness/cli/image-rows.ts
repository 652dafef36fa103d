import { Docker } from '../machine/docker/docker.ts';
import type { Drill } from '../model/drill.ts';
import {
  defaultS3,
  IMAGE_ROLES,
  type ImageMap,
  type ImageRole,
  roleOf,
  whyNone,
} from '../substrates/kubernetes/core/images.ts';

/** One row for each role: its image, or why it has none, and whether this machine has it. */
export async function imageRows(images: ImageMap): Promise<string[][]> {
  const docker = await Docker.find();
  return await Promise.all(
    IMAGE_ROLES.map(async (role) => [
      `  ${role}`,
      images[role] ?? whyNone(images, role),
      await whereIs(images[role], docker),
    ]),
  );
}

/** The image of each role that a drill needs on a cluster, without asking anybody. */
export function plannedImages(drill: Drill, images: ImageMap, own: readonly ImageRole[]): string[][] {
  const programs = Object.values(drill.paths).flatMap((path) => [...path.programs, ...(path.oneOf?.slice(0, 1) ?? [])]);
  const kinds = drill.workload.components.map(({ kind }) => kind);
  const servers = (['postgres', 'redis'] as const).filter((server) => kinds.includes(server));
  const needed = new Set<ImageRole>([...own, 'shell', defaultS3(images), ...servers, ...programs.map(roleOf)]);
  const rows = IMAGE_ROLES.filter((role) => needed.has(role)).map((role) => [`  ${role}`, images[role] ?? 'none']);
  return needed.has('minio') ? rows : [...rows, ['  (minio)', whyNone(images, 'minio')]];
}

async function whereIs(image: string | undefined, docker: Docker | string): Promise<string> {
  if (image === undefined || !(docker instanceof Docker)) return '';
  const { ok } = await docker.run(['image', 'inspect', '--format', '{{.Id}}', image]);
  return ok ? 'on this machine' : 'will be pulled by the cluster';
}
