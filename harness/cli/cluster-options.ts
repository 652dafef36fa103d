import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { UserContext } from '../substrates/kubernetes/cluster/user-context.ts';
import { type ImageMap, loadImages } from '../substrates/kubernetes/core/images.ts';
import type { MemoryLimits } from '../substrates/kubernetes/core/kube/limits.ts';
import type { SandboxOptions } from '../substrates/kubernetes/core/sandbox.ts';
import { wholeNumber } from './numbers.ts';

const QUANTITY = /^[1-9]\d*(Ki|Mi|Gi|Ti)$/;

/** Options that say which cluster of the user is meant. */
export interface ContextOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Options of every command that says or decides what runs in a cluster. */
export interface ClusterOptions extends ContextOptions {
  readonly images?: string;
  readonly jobMemory?: string;
  readonly serverMemory?: string;
  readonly allowContext?: string;
  readonly allowUnconfinedRole?: boolean;
  readonly shards?: number;
  readonly volumeSize?: string;
  readonly storageClass?: string;
}

/** Adds those options to a command, under a heading of their own. */
export function withClusterOptions(command: Command): Command {
  const before = command.options.length;
  withContext(withImages(command))
    .option('--allow-context <name>', 'allow drills in this context though its cluster is not marked for them')
    .option('--allow-unconfined-role', 'drill though nothing keeps the account from removing namespaces of others')
    .option('--shards <n>', 'pods that read a volume together when its manifest is made', wholeNumber(1))
    .option('--volume-size <quantity>', 'what each volume asks for (10Gi)', quantity)
    .option('--storage-class <name>', "where volumes come from, unless from the cluster's default class")
    .option('--job-memory <quantity>', 'the most memory that a container of a Job may use (2Gi)', quantity)
    .option('--server-memory <quantity>', 'the most memory that a server may use (2Gi)', quantity);
  for (const option of command.options.slice(before)) option.helpGroup('On Kubernetes:');
  return command;
}

/** Adds the options that name a cluster. */
export function withContext(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'for --on cluster, instead of the one that kubectl takes')
    .option('--context <name>', 'for --on cluster, instead of the current one');
}

/** Adds the option that names images. */
export function withImages(command: Command): Command {
  return command.option('--images <file>', 'images by role for clusters, in JSON or YAML (or DRILL_IMAGES)');
}

/** The images of a cluster, checked; what is wrong with the file is the user's to mend before anything starts. */
export function imagesOf({ images }: Pick<ClusterOptions, 'images'>): ImageMap {
  return loadImages(images);
}

/** The cluster that is meant. */
export function userContextOf({ kubeconfig, context }: ContextOptions): UserContext {
  return { ...(kubeconfig && { kubeconfig: resolve(kubeconfig) }), ...(context && { context }) };
}

/** What a drill asks of any cluster, as far as the options say. */
export function sandboxOf(options: ClusterOptions): SandboxOptions {
  const { shards, volumeSize, storageClass } = options;
  return {
    images: imagesOf(options),
    memory: memoryOf(options),
    ...(shards !== undefined && { shards }),
    ...(volumeSize && { volumeSize }),
    ...(storageClass && { storageClass }),
  };
}

/** What jobs and servers may use, as far as the options say. */
function memoryOf({ jobMemory, serverMemory }: ClusterOptions): MemoryLimits {
  return { ...(jobMemory && { job: jobMemory }), ...(serverMemory && { service: serverMemory }) };
}

function quantity(text: string): string {
  if (!QUANTITY.test(text)) throw new InvalidArgumentError('It must be a quantity such as 512Mi or 4Gi.');
  return text;
}
