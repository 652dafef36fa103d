import { InvalidArgumentError } from 'commander';
import type { S3Address } from '../machine/object-store/s3-client.ts';
import { S3_SERVERS, type S3ServerName } from '../machine/object-store/s3-servers.ts';
import { Secret } from '../model/secret.ts';

const REGION = 'us-east-1';

/** A server that the drill starts, or one that is there already. */
export type StoreChoice = S3ServerName | S3Address;

/** Reads `versitygw`, `minio` or the address of an S3 server, which is signed for as by the tools of AWS. */
export function storeChoice(text: string): StoreChoice {
  const server = S3_SERVERS.find((name) => name === text);
  return server ?? storeThere(text);
}

/** Reads the address of an S3 server that is there already. */
export function storeThere(text: string): S3Address {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError(
      `It must be ${S3_SERVERS.join(', ')}, or an address such as https://s3.example.org.`,
    );
  const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  if (!access || !secret)
    throw new InvalidArgumentError(
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which may make and delete buckets there.',
    );
  const { origin, host } = new URL(text);
  return {
    endpoint: origin,
    region: AWS_REGION ?? AWS_DEFAULT_REGION ?? REGION,
    accessKey: new Secret('AWS_ACCESS_KEY_ID', access),
    secretKey: new Secret('AWS_SECRET_ACCESS_KEY', secret),
    server: `the S3 server at ${host}`,
  };
}
