import type { TemporalFacts } from '../temporal/inspect.ts';
import { count, type Finding, fail, formatAge, ok, warn } from './finding.ts';

const DAY_MS = 86_400_000;
/** A worker of one role polls with as many. */
const POLLS_PER_WORKER = 20;

/** Judges the Temporal server and its namespace. */
export function judgeTemporal({
  address,
  namespace,
  serverVersion,
  namespaceFound,
  retentionMs,
  partitions,
  marksProblems,
}: TemporalFacts): Finding[] {
  const server = ok('temporal_server', `Temporal ${serverVersion || 'of an unknown version'} at ${address}`);
  if (!namespaceFound)
    return [
      server,
      fail(
        'temporal_namespace',
        `there is no namespace ${namespace}`,
        `run temporal operator namespace create --namespace ${namespace} --retention 72h, or set TEMPORAL_NAMESPACE`,
      ),
    ];
  const kept = retentionMs === null ? '' : `, which keeps ended runs for ${formatAge(retentionMs)}`;
  const short = retentionMs !== null && retentionMs < DAY_MS;
  return [
    server,
    short
      ? warn(
          'temporal_namespace',
          `namespace ${namespace} keeps ended runs for ${formatAge(retentionMs)} only`,
          'raise its retention to a day or more, so that faults can be looked into',
        )
      : ok('temporal_namespace', `namespace ${namespace} exists${kept}`),
    partitions !== null && partitions > POLLS_PER_WORKER
      ? warn(
          'temporal_partitions',
          `the task queue has ${partitions} partitions, and a worker polls with ${POLLS_PER_WORKER}`,
          'lower matching.numTaskqueueReadPartitions and matching.numTaskqueueWritePartitions, or run more workers',
        )
      : ok(
          'temporal_partitions',
          partitions === null
            ? 'the server does not say how many partitions the task queue has'
            : `the task queue has ${count(partitions, 'partition')}`,
        ),
    marksProblems
      ? ok('temporal_problems', 'the server marks workflows whose tasks fail')
      : warn(
          'temporal_problems',
          'the server does not mark workflows whose tasks fail: they are found only when something waits for them',
          'use Temporal 1.30 or newer',
        ),
  ];
}
