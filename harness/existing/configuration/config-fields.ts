import { z } from 'zod';
import { duration, placeFields } from './place-config.ts';
import { secretAt } from './secret-reference.ts';

/** A whole number that may be none. */
export const count = z.int().min(0);

/** What is to be met. */
export const objective = z.strictObject({ rto: duration.optional(), rpo: duration.optional() });

/** A path below the backup. */
export const relative = z
  .string()
  .refine((path) => !path.split('/').includes('..'), { error: 'must not lead out of the backup' });

/** Says that exactly one of some keys must be there. */
export function oneOf(keys: readonly string[]) {
  return (value: Record<string, unknown>, context: z.RefinementCtx): void => {
    const given = keys.filter((key) => value[key] !== undefined);
    if (given.length !== 1)
      context.addIssue({
        code: 'custom',
        message: `needs exactly one of ${keys.join(', ')}; it has ${given.length === 0 ? 'none' : given.join(' and ')}`,
      });
  };
}

/** A file that age has sealed and that is stored with the backups: `drill credentials` opens it with the key. */
export const sealed = z
  .strictObject({ ...placeFields, path: relative.optional(), file: z.string(), identity: secretAt('age-identity') })
  .superRefine(oneOf(Object.keys(placeFields)));

export type SealedConfig = z.output<typeof sealed>;

/** What the configuration of a drill has, whatever its workload. */
export interface CommonConfig {
  readonly workload: string;
  readonly sealed?: SealedConfig | undefined;
}
