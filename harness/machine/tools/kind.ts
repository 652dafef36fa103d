import type { ToolDefinition } from './toolbox/definition.ts';

const VERSION = 'v0.33.0';

/** Kubernetes in Docker. */
export const tool: ToolDefinition = {
  name: 'kind',
  programs: ['kind'],
  purpose: 'makes ephemeral Kubernetes clusters in Docker',
  accepts: '>=0.24 <1',
  version: { args: ['version'], pattern: /kind v(\d+(?:\.\d+)+)/ },
  release: {
    repository: 'kubernetes-sigs/kind',
    tag: VERSION,
    assets: {
      'linux-x64': {
        file: 'kind-linux-amd64',
        sha256: 'aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d',
      },
      'linux-arm64': {
        file: 'kind-linux-arm64',
        sha256: '20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2',
      },
      'darwin-x64': {
        file: 'kind-darwin-amd64',
        sha256: '5a99f26f57246dc9319dd294803313197a0f34d33c525b3ea8b655db5916ece0',
      },
      'darwin-arm64': {
        file: 'kind-darwin-arm64',
        sha256: '0c8c7dbe5e23594a198b786c4bc13dacc101fa6196b0cb0b23a1ca44e61f4b4f',
      },
    },
  },
  go: {
    module: 'sigs.k8s.io/kind',
    version: VERSION,
    sums: new URL('./modules/kind/', import.meta.url),
    commands: { kind: '' },
    takes: 'about a minute',
  },
  hint: 'install kind (kind.sigs.k8s.io, `brew install kind`), or install Go and it is built for you.',
};
