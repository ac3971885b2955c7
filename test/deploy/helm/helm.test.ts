import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { environmentSchema } from '../../../src/config.ts';
import { obtainGoProgram } from '../../support/go-program.ts';
import { HELM } from '../../support/helm.ts';
import { ROOT } from '../../support/paths.ts';

const run = promisify(execFile);
const CHART = path.join(ROOT, 'deploy/helm/throughline');
const SCHEMAS = path.join(ROOT, 'test/deploy/helm/kubernetes-schemas');
/** The oldest version that the chart accepts, and the newest whose schemas are here. */
const VERSIONS = ['1.30.0', '1.37.0'];
const BUILD_MS = 600_000;
/** Variables whose values stay out of the chart. */
const SECRET = [
  'DATABASE_URL',
  'THROUGHLINE_SECRET',
  'THROUGHLINE_PREVIOUS_SECRET',
  'SMTP_URL',
  'CHANNELS',
  'SOURCES',
  'TEMPORAL_API_KEY',
];
/** Variables of Node that the values with everything set. */
const EXTRA = ['NODE_OPTIONS', 'UV_THREADPOOL_SIZE'];
const ROLES = ['api', 'relay', 'worker'];
const VALUES = readdirSync(path.join(CHART, 'ci')).map((file) => file.replace('-values.yaml', ''));

/** What the tests read of a resource. */
interface Resource {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: kubeconform has checked its shape
  spec: any;
}

let helm = '';
let kubeconform = '';

beforeAll(async () => {
  const programs = [
    HELM,
    {
      name: 'kubeconform',
      package: 'github.com/yannh/kubeconform/cmd/kubeconform',
      version: '0.8.0',
      duration: 'some seconds',
    },
  ];
  const found = [];
  for (const program of programs) found.push(await obtainGoProgram(program));
  const missing = found.find((program) => program.missing)?.missing;
  if (missing) console.warn(`the chart is not checked: ${missing}`);
  else [helm = '', kubeconform = ''] = found.map((program) => program.executable);
}, BUILD_MS);

/** Renders the chart as `helm install throughline` would. */
async function render(values: string, ...settings: string[]): Promise<string> {
  const file = path.join(CHART, 'ci', `${values}-values.yaml`);
  const set = settings.flatMap((setting) => ['--set', setting]);
  const { stdout } = await run(helm, ['template', 'throughline', CHART, '--values', file, ...set], {
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

const readResources = (text: string) =>
  parseAllDocuments(text).map((document) => document.toJS() as Resource);

/** What helm says about values that it refuses. */
async function explain(...settings: string[]): Promise<string> {
  const set = settings.flatMap((setting) => ['--set', setting]);
  const failed = await run(helm, ['template', 'throughline', CHART, ...set]).catch((error) => error);
  return failed.stderr ?? '';
}

/** A test that is skipped where there is no Helm. */
const withHelm = (name: string, work: () => Promise<void>) =>
  test(name, async (context) => (helm ? work() : context.skip('Helm is not there')), 120_000);

for (const values of VALUES) {
  withHelm(`with ${values} values the chart passes helm lint and the schemas of Kubernetes`, async () => {
    const { stdout } = await run(helm, [
      'lint',
      '--strict',
      CHART,
      '--values',
      path.join(CHART, 'ci', `${values}-values.yaml`),
    ]);
    expect(stdout).toContain('0 chart(s) failed');
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'helm-')), 'chart.yaml');
    await writeFile(file, await render(values));
    for (const version of VERSIONS) {
      const locations = [`v${version}`, 'custom'].flatMap((folder) => [
        '-schema-location',
        `${SCHEMAS}/${folder}/{{.ResourceKind}}{{.KindSuffix}}.json`,
      ]);
      const checked = await run(kubeconform, [
        '-strict',
        '-summary',
        '-output',
        'json',
        '-kubernetes-version',
        version,
        ...locations,
        file,
      ]);
      const { summary } = JSON.parse(checked.stdout);
      expect(summary).toEqual({
        valid: readResources(await render(values)).length,
        invalid: 0,
        errors: 0,
        skipped: 0,
      });
    }
    await rm(path.dirname(file), { recursive: true });
  });

  withHelm(`with ${values} values secrets are read by reference, and no pod has privileges`, async () => {
    const resources = readResources(await render(values));
    expect(resources.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const pods = resources.flatMap(({ kind, spec }) =>
      ['Deployment', 'Job'].includes(kind) ? [spec.template.spec] : [],
    );
    expect(pods.length).toBe(ROLES.length + 1);
    for (const pod of pods) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      });
      const [container] = pod.containers;
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits.memory).toBeDefined();
      const variables: { name: string; value?: string; valueFrom?: object }[] = container.env;
      expect(variables.filter(({ name, valueFrom }) => SECRET.includes(name) && !valueFrom)).toEqual([]);
      expect(new Set(variables.map(({ name }) => name)).size).toBe(variables.length);
    }
  });
}

withHelm('each role is probed on its health port, and is given the time that it needs to end', async () => {
  const deployments = readResources(await render('minimal')).filter(({ kind }) => kind === 'Deployment');
  expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual(
    ROLES.map((role) => `throughline-${role}`),
  );
  for (const { spec } of deployments) {
    const { terminationGracePeriodSeconds, containers } = spec.template.spec;
    const [container] = containers;
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(45 + (container.lifecycle ? 5 : 0));
    expect(container.args[0]).toBe('serve');
    expect(container.env).toContainEqual({ name: 'HEALTH_PORT', value: '9090' });
    expect(container.ports).toContainEqual({ name: 'health', containerPort: 9090 });
    for (const probe of ['startupProbe', 'livenessProbe'])
      expect(container[probe].httpGet).toEqual({ path: '/healthz', port: 'health' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'health' });
    expect(spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  }
});

withHelm('the database is migrated before an installation and an upgrade', async () => {
  const [job] = readResources(await render('minimal')).filter(({ kind }) => kind === 'Job');
  expect(job?.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
  const { containers, serviceAccountName } = job?.spec.template.spec ?? {};
  expect(containers[0].args).toEqual(['migrate']);
  // At an installation nothing of the chart exists before its hooks.
  expect(serviceAccountName).toBe('default');
  expect(containers[0].env.map(({ name }: { name: string }) => name)).toEqual(['DATABASE_URL']);
});

withHelm('the chart sets only variables that the roles read', async () => {
  const known = Object.keys(environmentSchema.shape);
  for (const values of VALUES) {
    const variables = readResources(await render(values))
      .filter(({ kind }) => kind === 'Deployment')
      .flatMap(({ spec }) => spec.template.spec.containers[0].env as { name: string }[]);
    const unknown = variables.map(({ name }) => name).filter((name) => !known.includes(name));
    expect(unknown.filter((name) => !name.startsWith('TEMPORAL_') && !EXTRA.includes(name))).toEqual([]);
  }
});

withHelm('the chart, the image and the health check agree on the user and the ports', async () => {
  const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
  expect(dockerfile).toContain('USER 10001:10001');
  expect(dockerfile).toContain('EXPOSE 3000 9090');
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const chart = readFileSync(path.join(CHART, 'Chart.yaml'), 'utf8');
  expect(chart).toContain(`appVersion: ${version}`);
});

withHelm('Temporal Cloud gets the namespace, and the key from a Secret', async () => {
  const [deployment] = readResources(await render('temporal-cloud')).filter(
    ({ kind }) => kind === 'Deployment',
  );
  const { env } = deployment?.spec.template.spec.containers[0] ?? {};
  expect(env).toContainEqual({ name: 'TEMPORAL_NAMESPACE', value: 'journeys.a1b2c' });
  expect(env).toContainEqual({
    name: 'TEMPORAL_API_KEY',
    valueFrom: { secretKeyRef: { name: 'temporal-cloud', key: 'TEMPORAL_API_KEY' } },
  });
});

withHelm('the alerts and the dashboard of the repository are installed as they are', async () => {
  const read = (file: string) => readFileSync(path.join(ROOT, 'deploy', file), 'utf8');
  const resources = readResources(await render('everything'));
  const rules = resources.find(({ kind }) => kind === 'PrometheusRule');
  expect(rules?.spec).toEqual(parse(read('prometheus/rules.yaml')));
  const dashboard = resources.find(({ kind }) => kind === 'ConfigMap') as { data?: Record<string, string> };
  expect(dashboard.data?.['throughline.json']).toBe(read('grafana/throughline.json'));
});

withHelm('without an address of Temporal nothing is rendered, and the error names it', async () => {
  expect(await explain()).toContain('set temporal.address: host:port');
});

for (const [setting, reason] of [
  ['temporal.adress=t:7233', "'adress' not allowed"],
  ['temporal.address=https://t:7233', "at '/temporal/address'"],
  ['worker.terminationGracePeriodSeconds=10', 'got 10, want 45'],
  ['config.DATABASE_URL=postgres://u:p@h/d', 'config.DATABASE_URL would put a secret into the release'],
  ['worker.config.HEALTH_PORT=1', 'config.HEALTH_PORT is set by the chart'],
  ['config.log-level=info', "'log-level' not allowed"],
  ['secrets.signing.name=', "at '/secrets/signing/name'"],
  ['image.digest=latest', "at '/image/digest'"],
] as const) {
  withHelm(`${setting} is refused: ${reason}`, async () => {
    expect(await explain('temporal.address=t:7233', setting)).toContain(reason);
  });
}
