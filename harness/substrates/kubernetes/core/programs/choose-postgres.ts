import { DrillError } from '../../../../model/error.ts';
import type { PostgresNeeds } from '../../../../model/substrate.ts';
import { imageOf, postgresImages } from '../images.ts';
import type { ImagePrograms } from './image-programs.ts';

/** Takes the Postgres of the image map where its version will do, otherwise an image of a version that does. */
export async function choosePostgres({ major, exactly }: PostgresNeeds, programs: ImagePrograms): Promise<void> {
  const { images } = programs;
  const [version = ''] = await programs.versionsOf(['postgres']);
  const here = Number.parseInt(version, 10);
  if (exactly ? here === major : here >= major) return;
  const [fits] = postgresImages(images, major).filter((one) => !exactly || one.major === major);
  if (fits) return programs.use('postgres', fits.image);
  throw new DrillError({
    code: 'postgres-unsuitable',
    where: 'substrate/kubernetes',
    what: `The backup of the database needs Postgres ${major}${exactly ? '' : ' or later'}, and ${imageOf(images, 'postgres')} has ${version}.`,
    next: `name an image that has it as "postgres" in a file for --images.`,
    blame: 'environment',
  });
}
