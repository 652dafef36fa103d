import { type Command, InvalidArgumentError } from 'commander';
import { type ImageMap, loadImages } from '../substrates/kubernetes/images.ts';
import type { MemoryLimits } from '../substrates/kubernetes/kube/limits.ts';

const QUANTITY = /^[1-9]\d*(Ki|Mi|Gi|Ti)$/;

/** Options of every command that says or decides what runs in a cluster. */
export interface ClusterOptions {
  readonly images?: string;
  readonly jobMemory?: string;
  readonly serverMemory?: string;
}

/** Adds those options to a command. */
export function withClusterOptions(command: Command): Command {
  return withImages(command)
    .option('--job-memory <quantity>', 'the most memory that a container of a Job may use (2Gi)', quantity)
    .option('--server-memory <quantity>', 'the most memory that a server in a cluster may use (2Gi)', quantity);
}

/** Adds the option that names images. */
export function withImages(command: Command): Command {
  return command.option('--images <file>', 'images by role for clusters, in JSON or YAML (or DRILL_IMAGES)');
}

/** The images of a cluster, checked; what is wrong with the file is the user's to mend before anything starts. */
export function imagesOf({ images }: Pick<ClusterOptions, 'images'>): ImageMap {
  return loadImages(images);
}

/** What jobs and servers may use, as far as the options say. */
export function memoryOf({ jobMemory, serverMemory }: ClusterOptions): MemoryLimits {
  return { ...(jobMemory && { job: jobMemory }), ...(serverMemory && { service: serverMemory }) };
}

function quantity(text: string): string {
  if (!QUANTITY.test(text)) throw new InvalidArgumentError('It must be a quantity such as 512Mi or 4Gi.');
  return text;
}
