import type { Step } from '../model/job.ts';
import type { BackupContext, BackupPath, InMatrix, Receipt, RestoreContext } from '../model/path.ts';
import { RESOURCE_KINDS, type Resources } from '../model/resources.ts';
import { retainObjects } from './objects/retain.ts';
import { keySteps, programsOf, seal, unseal } from './objects/seal.ts';
import { digestStep, stamp, storedReceipt } from './objects/stored-files.ts';
import { openTransfer, S3_CLIENTS } from './objects/transfer.ts';

const NAME = 'kube-export';
const CIPHER = 'age';

/** How the resources of a namespace are exported and made again. */
export interface KubeExportOptions {
  /** Storage classes that claims are given instead of their own, for a cluster that has others. */
  readonly storageClasses?: Readonly<Record<string, string>>;
}

/** Reads the resources of a namespace from its API and encrypts them before they leave the job; a restore makes them anew. */
export function kubeExport({ storageClasses = {} }: KubeExportOptions = {}): BackupPath<'kubernetes'> {
  return {
    name: NAME,
    protects: 'kubernetes',
    programs: ['sh', 'curl', 'jq', 'sha256sum', ...programsOf(CIPHER)],
    oneOf: S3_CLIENTS,
    promises: {
      keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
      leavesOut: [],
      quiesce: false,
      storageClasses,
    },
    options: Object.fromEntries(Object.entries(storageClasses).map(([from, to]) => [`storageClass ${from}`, to])),
    backup,
    restore: (context) => restore(context, storageClasses),
    retain: retainObjects,
  };
}

async function backup(context: BackupContext<'kubernetes'>): Promise<Receipt> {
  const startedAt = new Date();
  const transfer = await openTransfer(context);
  const { component, source, vault } = context;
  const prefix = `resources/${component}/${stamp(context.at)}/`;
  const sealed = `${component}.json.${CIPHER}`;
  const makeKey = await keySteps(context, CIPHER);
  const report = await context.run({
    name: `${component}.backup`,
    volumes: [{ volume: vault }],
    resources: source,
    steps: (scratch) => [
      ...makeKey,
      authorize(source, scratch),
      fetchAll(source, scratch),
      {
        program: 'jq',
        args: ['--slurp', EXPORTED, ...RESOURCE_KINDS.map(({ plural }) => `${scratch}/${plural}.json`)],
        stdout: `${scratch}/plain.json`,
      },
      seal(context, CIPHER, `${scratch}/plain.json`, `${scratch}/${sealed}`),
      digestStep(scratch, sealed),
      transfer.upload(`${scratch}/${sealed}`, `${prefix}${sealed}`),
    ],
  });
  return await storedReceipt(
    context,
    { path: NAME, startedAt, report, prefix },
    { key: `${prefix}${sealed}`, namespace: source.namespace },
  );
}

async function restore(
  { receipt, target, ...context }: RestoreContext<'kubernetes'>,
  storageClasses: Readonly<Record<string, string>>,
): Promise<void> {
  const transfer = await openTransfer(context);
  const paths = Object.fromEntries(RESOURCE_KINDS.map((one) => [one.kind, pathOf(target, one)]));
  const versions = Object.fromEntries(RESOURCE_KINDS.map(({ kind, api }) => [kind, api.replace(/^apis?\//, '')]));
  await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: context.vault, readOnly: true }],
    resources: target,
    steps: (scratch) => {
      const file = (name: string) => `${scratch}/${name}`;
      const mapping = [
        '--argjson',
        'paths',
        JSON.stringify(paths),
        '--argjson',
        'versions',
        JSON.stringify(versions),
        '--argjson',
        'classes',
        JSON.stringify(storageClasses),
      ];
      return [
        transfer.download(String(receipt.details.key), file('sealed')),
        { ...unseal(context, CIPHER, file('sealed'), file('plain.json')), phase: 'load' },
        {
          program: 'jq',
          args: ['--raw-output', ...mapping, REQUESTS, file('plain.json')],
          stdout: file('requests'),
          phase: 'load',
        },
        authorize(target, scratch),
        { program: 'sh', args: ['-c', MAKE, 'sh', target.server, target.caFile], cwd: scratch, phase: 'load' },
      ];
    },
  });
}

const HEADER = 'authorization';

/** The token goes by a file: arguments can be seen by everybody on the node. */
function authorize({ tokenFile }: Resources, scratch: string): Step {
  const script = `umask 077 && printf 'Authorization: Bearer %s\\n' "$(cat "$1")" >"$2"`;
  return { program: 'sh', args: ['-c', script, 'sh', tokenFile, `${scratch}/${HEADER}`], phase: 'load' };
}

function fetchAll(source: Resources, scratch: string): Step {
  const how = ['--fail', '--silent', '--show-error', '--fail-early', '--cacert', source.caFile];
  const what = RESOURCE_KINDS.flatMap((one) => [
    '--output',
    `${scratch}/${one.plural}.json`,
    `${source.server}${pathOf(source, one)}`,
  ]);
  return { program: 'curl', args: [...how, '--header', `@${scratch}/${HEADER}`, ...what] };
}

function pathOf({ namespace }: Resources, { api, plural }: (typeof RESOURCE_KINDS)[number]): string {
  return `/${api}/namespaces/${namespace}/${plural}`;
}

/** Lists of the API to what somebody has set: not what has an owner, what a cluster puts into every namespace, or what it fills in. */
const EXPORTED = `
  def kept(f): with_entries(select(.key | f)) | if . == {} then empty else . end;
  def annotated: test("^(kubectl\\\\.kubernetes\\\\.io/last-applied-configuration|deployment\\\\.kubernetes\\\\.io/revision)$") or
    test("^(pv|volume|volume\\\\.beta)\\\\.kubernetes\\\\.io/") | not;
  [.[] | .apiVersion as $version | (.kind | rtrimstr("List")) as $kind | .items[]
    | select(.metadata.ownerReferences == null and .type != "kubernetes.io/service-account-token")
    | select($kind != "ConfigMap" or .metadata.name != "kube-root-ca.crt")
    | {apiVersion: $version, kind: $kind} + del(.status)
    | .metadata |= {
        name, labels, annotations: ((.annotations // {}) | [kept(annotated)] | first),
        finalizers: ((.finalizers // []) | map(select(test("^kubernetes\\\\.io/.*-protection$") | not)) | if . == [] then null else . end)
      }
    | .metadata |= with_entries(select(.value != null))
    | if $kind == "Service" then
        del(.spec.ipFamilies, .spec.ipFamilyPolicy, .spec.healthCheckNodePort, .spec.ports[]?.nodePort)
        | if .spec.clusterIP == "None" then . else del(.spec.clusterIP, .spec.clusterIPs) end
      elif $kind == "PersistentVolumeClaim" then del(.spec.volumeName)
      else . end]`;

/**
 * For each resource two lines: where it is made, and what is sent there. A kind that is never exported, or that another API
 * makes, is not there by itself, and ends the restore before anything is made.
 */
const REQUESTS = `map(select(.kind as $kind | (.kind | type) != "string" or ($paths | has($kind) | not) or .apiVersion != $versions[$kind] or .type == "kubernetes.io/service-account-token")) as $strange
  | if $strange != [] then
      error("not among what is exported: " + ($strange | map("\\(.apiVersion) \\(.kind)") | unique | join(", "))) else . end
  | .[] | $paths[.kind],
  (if .kind == "PersistentVolumeClaim" then del(.spec.volumeName) else . end
   | if .kind == "PersistentVolumeClaim" and .spec.storageClassName != null
   then .spec.storageClassName |= ($classes[.] // .) else . end | tojson)`;

/** Answers hold what was made, Secrets in plain: only those of refusals are shown. */
const MAKE = `
while IFS= read -r path && IFS= read -r body; do
  printf '%s' "$body" | curl --fail-with-body --silent --show-error --cacert "$2" --header @${HEADER} \\
    --header 'Content-Type: application/json' --data-binary @- --output answer "$1$path" || { cat answer >&2; exit 1; }
done <requests`;

/** How sabotage tries it. */
export const inMatrix: InMatrix = { rank: 1, forFirst: [kubeExport()] };
