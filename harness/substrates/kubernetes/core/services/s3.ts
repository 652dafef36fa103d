import { answersS3, type S3Address } from '../../../../machine/object-store/s3-client.ts';
import type { S3ServerName } from '../../../../machine/object-store/s3-servers.ts';
import type { Secret } from '../../../../model/secret.ts';
import type { ClaimVolume } from '../volume/claim-volume.ts';
import { fromSecret, type ServerHost, startServer } from './server.ts';

/** What every S3 server of ours is asked for. */
export const S3_REGION = 'us-east-1';
export const S3_PORT = 9000;
export const S3_DATA = '/data';

export interface S3Spec {
  readonly server: S3ServerName;
  /** As the program itself says. */
  readonly version: string;
  readonly image: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly data: ClaimVolume;
}

/** How each server is called by its image, and where it finds its credentials. */
export const S3_CALLS: Readonly<
  Record<S3ServerName, { args: string[]; access: string; secret: string; env: Readonly<Record<string, string>> }>
> = {
  versitygw: {
    args: ['--port', `:${S3_PORT}`, '--region', S3_REGION, '--keep-alive', '--quiet', 'posix', S3_DATA],
    access: 'ROOT_ACCESS_KEY',
    secret: 'ROOT_SECRET_KEY',
    env: {},
  },
  minio: {
    args: ['server', '--quiet', '--address', `:${S3_PORT}`, S3_DATA],
    access: 'MINIO_ROOT_USER',
    secret: 'MINIO_ROOT_PASSWORD',
    env: { MINIO_REGION: S3_REGION, MINIO_BROWSER: 'off', MINIO_UPDATE: 'off' },
  },
};

/** Starts an S3 server on a claim. */
export async function startS3(spec: S3Spec, host: ServerHost): Promise<S3Address & { stop(): Promise<void> }> {
  const call = S3_CALLS[spec.server];
  const name = spec.server;
  const server = await startServer(
    {
      name,
      port: S3_PORT,
      claim: spec.data.claim,
      dataPath: S3_DATA,
      dataFolder: spec.data.folder,
      secrets: { [call.access]: spec.accessKey.reveal(), [call.secret]: spec.secretKey.reveal() },
      container: {
        image: spec.image,
        args: call.args,
        env: [
          ...Object.entries(call.env).map(([variable, value]) => ({ name: variable, value })),
          fromSecret(name, call.access),
          fromSecret(name, call.secret),
        ],
      },
      pod: { securityContext: { runAsUser: 0, runAsGroup: 0 } },
    },
    host,
  );
  const address: S3Address = {
    endpoint: `http://${name}:${S3_PORT}`,
    outside: `http://${server.outside.host}:${server.outside.port}`,
    region: S3_REGION,
    accessKey: spec.accessKey,
    secretKey: spec.secretKey,
    server: `${spec.server} ${spec.version}`,
  };
  await server.untilReady(() => answersS3(address));
  return { ...address, stop: () => server.stop() };
}
