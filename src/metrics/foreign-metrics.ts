/** A metric that Throughline serves and does not make. */
export interface ForeignMetric {
  kind: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  help: string;
}

/**
 * What the documentation, the dashboard and the alerts name of Temporal's SDK; a worker serves more. All have the label
 * `namespace`, and most `task_queue`.
 */
export const SDK_METRICS: Record<string, ForeignMetric> = {
  temporal_activity_schedule_to_start_latency_seconds: {
    kind: 'histogram',
    labels: ['namespace', 'task_queue'],
    help: 'How long deliveries and tasks have waited for a worker.',
  },
  temporal_activity_execution_latency_seconds: {
    kind: 'histogram',
    labels: ['namespace', 'task_queue', 'activity_type', 'workflow_type'],
    help: 'How long activities have taken.',
  },
  temporal_workflow_task_schedule_to_start_latency_seconds: {
    kind: 'histogram',
    labels: ['namespace', 'task_queue'],
    help: 'How long workflow tasks have waited for a worker.',
  },
  temporal_workflow_task_execution_latency_seconds: {
    kind: 'histogram',
    labels: ['namespace', 'task_queue', 'workflow_type'],
    help: 'How long workflow tasks have taken, decisions included.',
  },
  temporal_sticky_cache_size: {
    kind: 'gauge',
    labels: ['namespace', 'task_queue'],
    help: 'Workflows that the worker keeps in memory.',
  },
  temporal_worker_task_slots_available: {
    kind: 'gauge',
    labels: ['namespace', 'task_queue', 'worker_type'],
    help: 'Tasks that the worker could take in addition.',
  },
  temporal_num_pollers: {
    kind: 'gauge',
    labels: ['namespace', 'task_queue', 'poller_type'],
    help: 'Polls that wait for tasks.',
  },
  temporal_request_latency_seconds: {
    kind: 'histogram',
    labels: ['namespace', 'operation', 'task_queue'],
    help: 'How long requests to Temporal have taken. Those about one task queue name it.',
  },
};

/** What they name of Node. Every role serves more. */
export const NODE_METRICS: Record<string, ForeignMetric> = {
  process_cpu_seconds_total: { kind: 'counter', labels: [], help: 'CPU time of the process.' },
  process_resident_memory_bytes: { kind: 'gauge', labels: [], help: 'Memory of the process.' },
  process_open_fds: { kind: 'gauge', labels: [], help: 'Open files and connections (Linux).' },
  process_start_time_seconds: {
    kind: 'gauge',
    labels: [],
    help: 'When the process has started, as Unix time.',
  },
  nodejs_eventloop_lag_p99_seconds: {
    kind: 'gauge',
    labels: [],
    help: 'How late timers fire, 99th percentile since the last scrape.',
  },
  nodejs_heap_size_used_bytes: { kind: 'gauge', labels: [], help: 'Memory that JavaScript objects use.' },
  nodejs_gc_duration_seconds: { kind: 'histogram', labels: ['kind'], help: 'Time of garbage collections.' },
};
