import { describe, expect, it, test } from 'vitest';
import { addressOf, serversOf } from '../../../../existing/configuration/addresses-of.ts';
import { refuseOutOfReach } from '../../../../existing/configuration/refuse-out-of-reach.ts';
import { Secret } from '../../../../model/secret.ts';
import { existing } from '../../existing.ts';
import { schema } from './schema.ts';

const password = new Secret('password', 'secret');
const restic = (repository: string) => ({ restic: { repository, password } });

test.each([
  ['s3:https://s3.example.org/backups', { host: 's3.example.org', port: 443 }],
  ['s3:http://10.0.0.2:9000/backups', { host: '10.0.0.2', port: 9000 }],
  ['s3:s3.amazonaws.com/backups', { host: 's3.amazonaws.com', port: 443 }],
  ['rest:http://me:secret@nas.lan:8000/', { host: 'nas.lan', port: 8000 }],
  ['sftp:me@nas.lan:/srv/restic', { host: 'nas.lan', port: 22 }],
  ['sftp://me@nas.lan:2222//srv/restic', { host: 'nas.lan', port: 2222 }],
  ['b2:bucket:path', { host: 'b2', port: 443 }],
  ['/srv/restic', undefined],
])('the repository %s is reached at %j', (repository, address) => {
  expect(addressOf(restic(repository))).toEqual(address);
});

describe('a backup that jobs cannot reach', () => {
  const config = (place: object) => {
    const drill = { workload: 'immich', library: place, database: { inLibrary: 'backups' } };
    return Object.values(existing.placesOf(schema.parse(drill)));
  };
  const inFolder = config({ folder: '/srv/photos' });
  const bucket = (endpoint: string) => {
    const keys = { accessKey: { value: password }, secretKey: { value: password } };
    return config({ bucket: { endpoint, name: 'photos', ...keys } });
  };

  it('is a folder of this machine, but not for a cluster that is made on it', () => {
    expect(() => refuseOutOfReach(inFolder, ['/srv/photos'], 'cluster')).toThrow(/\/srv\/photos is a folder/);
    for (const on of ['local', 'kind']) expect(() => refuseOutOfReach(inFolder, ['/srv/photos'], on)).not.toThrow();
  });

  it.each(['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])('is at %s', (endpoint) => {
    for (const on of ['kind', 'cluster'])
      expect(() => refuseOutOfReach(bucket(endpoint), [], on)).toThrow(/this machine alone/);
    expect(() => refuseOutOfReach(bucket(endpoint), [], 'local')).not.toThrow();
  });

  it('is a VolumeSnapshot, but not for the cluster that keeps it', () => {
    const kept = config({ volumeSnapshot: { namespace: 'photos', claim: 'library' } });
    for (const on of ['local', 'kind'])
      expect(() => refuseOutOfReach(kept, [], on)).toThrow(/VolumeSnapshot in the namespace photos.*--on cluster/);
    expect(() => refuseOutOfReach(kept, [], 'cluster')).not.toThrow();
    for (const wrong of [{}, { name: 'nightly', claim: 'library' }])
      expect(() => config({ volumeSnapshot: { namespace: 'photos', ...wrong } })).toThrow(/exactly one of name/);
  });

  it('is a server in use on this machine', () => {
    const user = { user: 'reader', password: { value: password } };
    const server = (host: string) =>
      Object.values(existing.placesOf(schema.parse({ workload: 'immich', database: { server: { host, ...user } } })));
    expect(() => refuseOutOfReach(server('127.0.0.1'), [], 'cluster')).toThrow(/this machine alone/);
    expect(() => refuseOutOfReach(server('nas.lan'), [], 'cluster')).not.toThrow();
    expect(addressOf(server('nas.lan')[1] ?? {})).toEqual({ host: 'nas.lan', port: 5432 });
    // A proxy is none for Postgres.
    expect(serversOf({ database: server('nas.lan')[1] }, { HTTPS_PROXY: 'http://proxy' })).toHaveProperty('database');
  });

  it('is not one on the network', () => {
    for (const on of ['kind', 'cluster'])
      expect(() => refuseOutOfReach(bucket('https://s3.example.org'), [], on)).not.toThrow();
  });
});
