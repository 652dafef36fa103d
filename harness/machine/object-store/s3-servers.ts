import type { Secret } from '../../model/secret.ts';
import { onFreePort } from '../processes/free-port.ts';
import { type ProcessRegistry, ServiceProcess } from '../processes/service-process.ts';
import { answersS3, type S3Address } from './s3-client.ts';

const HOST = '127.0.0.1';
const REGION = 'us-east-1';

/** The S3 servers that we can start ourselves. */
export const S3_SERVERS = ['versitygw', 'minio'] as const;
export type S3ServerName = (typeof S3_SERVERS)[number];

/** What an S3 server of ours is made of. */
export interface S3ServerSpec {
  readonly server: S3ServerName;
  readonly version: string;
  /** The folder that it keeps its objects in. */
  readonly dataFolder: string;
  readonly logFile: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly command: string;
  /** Arguments that come before those of the program. */
  readonly prefix: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A running S3 server. */
export interface S3Server extends S3Address {
  stop(): Promise<void>;
}

/** How each server is called; credentials go by environment. */
const CALLS: Record<
  S3ServerName,
  { args: (port: number, folder: string) => string[]; env: (spec: S3ServerSpec) => Record<string, string> }
> = {
  versitygw: {
    args: (port, folder) => [
      '--port',
      `${HOST}:${port}`,
      '--region',
      REGION,
      '--keep-alive',
      '--quiet',
      'posix',
      folder,
    ],
    env: (spec) => ({ ROOT_ACCESS_KEY: spec.accessKey.reveal(), ROOT_SECRET_KEY: spec.secretKey.reveal() }),
  },
  minio: {
    args: (port, folder) => [
      'server',
      '--quiet',
      '--address',
      `${HOST}:${port}`,
      '--console-address',
      `${HOST}:0`,
      folder,
    ],
    env: (spec) => ({
      MINIO_ROOT_USER: spec.accessKey.reveal(),
      MINIO_ROOT_PASSWORD: spec.secretKey.reveal(),
      MINIO_REGION: REGION,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    }),
  },
};

/** Starts an S3 server over a folder of ours. */
export async function startS3Server(spec: S3ServerSpec, registry: ProcessRegistry): Promise<S3Server> {
  return await onFreePort(async (port) => {
    const address: S3Address = {
      endpoint: `http://${HOST}:${port}`,
      region: REGION,
      accessKey: spec.accessKey,
      secretKey: spec.secretKey,
      server: `${spec.server} ${spec.version}`,
    };
    const call = CALLS[spec.server];
    const service = await ServiceProcess.start(
      {
        name: spec.server,
        command: spec.command,
        args: [...spec.prefix, ...call.args(port, spec.dataFolder)],
        env: { ...spec.env, ...call.env(spec) },
        cwd: spec.dataFolder,
        logFile: spec.logFile,
        ready: () => answersS3(address),
      },
      registry,
      spec.signal,
    );
    return { ...address, stop: () => service.stop() };
  });
}
