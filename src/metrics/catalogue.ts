import { counter, gauge, histogram } from './declaration.ts';

/** Seconds of what should take milliseconds: requests, decisions, commits. */
const FAST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Seconds from an event to what follows from it, which may have to wait for a server that is away. */
const WAITING = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/**
 * Every metric of Throughline. `docs/reference/metrics.md` is written from it, and tests compare it with what the roles
 * export and with what the dashboard and the alerts use.
 *
 * A label has few values: workspaces, channels, queues, codes and routes, but never customers or what they send.
 */
export const CATALOGUE = {
  // Intake
  throughline_events_total: counter({
    help: 'Events that the API has answered with 200 and put into the log, or found there already.',
    labels: ['workspace', 'source', 'type', 'outcome'],
    roles: ['api'],
  }),
  throughline_events_rejected_total: counter({
    help: 'Events that were put on the list of rejected events, by code.',
    labels: ['workspace', 'code'],
  }),
  throughline_webhooks_total: counter({
    help: 'Requests to sources of webhooks. `refused`: forged or too old; `unreadable`: on the list of rejected events; `limited`: too fast.',
    labels: ['workspace', 'source', 'kind', 'outcome'],
    roles: ['api'],
  }),
  throughline_accept_seconds: histogram({
    help: 'Time from a parsed request with events to their commit.',
    labels: ['source'],
    roles: ['api'],
    buckets: FAST,
  }),
  // HTTP
  throughline_http_requests_total: counter({
    help: 'Requests to the API by the template of their route and the class of the answer. `aborted`: the client left.',
    labels: ['method', 'route', 'status'],
    roles: ['api'],
  }),
  throughline_http_request_seconds: histogram({
    help: 'Time from a request to the end of its answer.',
    labels: ['method', 'route'],
    roles: ['api'],
    buckets: FAST,
  }),
  throughline_http_connections: gauge({ help: 'Open connections to the API.', roles: ['api'] }),

  throughline_logins_total: counter({
    help: 'Attempts to log in to the console: ok, refused, disabled, no_role, throttled.',
    labels: ['outcome'],
    roles: ['api'],
  }),

  // Journeys
  throughline_wake_lag_seconds: histogram({
    help: 'Time from the acceptance of the oldest event that a decision has processed to its commit.',
    roles: ['worker'],
    buckets: WAITING,
  }),
  throughline_customers_waiting: gauge({
    help: 'Customers with events that no decision has processed. 20,000 means at least as many.',
    roles: ['relay'],
  }),
  throughline_customers_waiting_oldest_seconds: gauge({
    help: 'Age of the oldest event that no decision has processed. With more than 1,000 waiting customers: of a sample.',
    roles: ['relay'],
  }),
  throughline_customers_parked: gauge({
    help: 'Customers whose decision exceeded a limit or failed. They are tried again later. 10,000 means at least as many.',
    labels: ['workspace'],
    roles: ['relay'],
  }),
  throughline_journeys_overdue: gauge({
    help: 'Journeys whose timer passed more than a minute ago. 10,000 means at least as many.',
    roles: ['relay'],
  }),
  throughline_journeys_overdue_oldest_seconds: gauge({
    help: 'How long ago the oldest of these timers has passed.',
    roles: ['relay'],
  }),

  // Decisions
  throughline_decisions_total: counter({
    help: 'Decisions that were made. Of a journey: acted, held, nothing, moved, parked. Real-time: offered, nothing, fallback.',
    labels: ['workspace', 'kind', 'outcome'],
    roles: ['api', 'worker'],
  }),
  throughline_decision_seconds: histogram({
    help: 'Time of one call that decides, with its transaction. `journey`: of the activity; `realtime`: until the answer.',
    labels: ['kind'],
    roles: ['api', 'worker'],
    buckets: FAST,
  }),
  throughline_decision_failures_total: counter({
    help: 'Calls that should have decided and failed. The activity is tried again.',
    labels: ['kind'],
    roles: ['api', 'worker'],
  }),
  throughline_realtime_fallbacks_total: counter({
    help: 'Real-time decisions that answered with the fallback of their placement, by reason.',
    labels: ['workspace', 'reason'],
    roles: ['api'],
  }),
  throughline_decisions_stalled: gauge({
    help: '1 if customers have waited for 30 s and none was decided meanwhile; otherwise 0.',
    roles: ['relay'],
  }),

  // Deliveries and tasks
  throughline_delivery_attempts_total: counter({
    help: 'Attempts at deliveries by the state that they left. `planned`: it is tried again.',
    labels: ['channel', 'state'],
    roles: ['relay', 'worker'],
  }),
  throughline_receipts_total: counter({
    help: 'Reports about messages: delivered, opened, clicked, bounced, complained, unsubscribed. `automatic`: not by the customer. `unknown_delivery`: no message has that id.',
    labels: ['workspace', 'kind', 'automatic', 'outcome'],
    roles: ['api'],
  }),
  throughline_tracked_hits_lost_total: counter({
    help: 'Clicks and opens that were answered and not recorded, because Postgres was away for too long.',
    roles: ['api'],
  }),
  throughline_channel_sends_total: counter({
    help: 'Calls of a channel’s provider by result. `retry`: certainly not sent; `unknown`: perhaps sent.',
    labels: ['channel', 'result'],
    roles: ['worker'],
  }),
  throughline_channel_send_seconds: histogram({
    help: 'Time of one call of a channel’s provider.',
    labels: ['channel'],
    roles: ['worker'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
  }),
  throughline_channel_away: gauge({
    help: '1 while the provider of a channel cannot be reached; otherwise 0.',
    labels: ['channel'],
    roles: ['worker'],
  }),
  throughline_deliveries_due: gauge({
    help: 'Deliveries that are due and not ended. `planned`: not begun; `sending`: begun. 20,000 means at least as many.',
    labels: ['channel', 'state'],
    roles: ['relay'],
  }),
  throughline_deliveries_due_oldest_seconds: gauge({
    help: 'How long the oldest of these deliveries has not moved.',
    labels: ['channel'],
    roles: ['relay'],
  }),
  throughline_tasks: gauge({
    help: 'Tasks for people that are not closed, by the queue that they are in. 10,000 means at least as many.',
    labels: ['workspace', 'queue', 'state'],
    roles: ['relay'],
  }),

  // Relay
  throughline_relay_signals_total: counter({
    help: 'Signals to journeys. `failed`: sent again when the lease lapses.',
    labels: ['result'],
    roles: ['relay'],
  }),
  throughline_relay_loop_pages_total: counter({
    help: 'Pages of work that a loop of the relay has finished.',
    labels: ['loop'],
    roles: ['relay'],
  }),
  throughline_relay_loop_failures_total: counter({
    help: 'Pages of work that failed. They are repeated.',
    labels: ['loop'],
    roles: ['relay'],
  }),
  throughline_relay_loop_last_success_timestamp_seconds: gauge({
    help: 'When a loop of the relay last finished a page, as Unix time. When it started, if it has finished none.',
    labels: ['loop'],
    roles: ['relay'],
  }),
  throughline_job_pages_total: counter({
    help: 'Pages of the jobs of workspaces. `done`: the last page of a run; `more`: others follow; `failed`: it is repeated.',
    labels: ['workspace', 'kind', 'outcome'],
    roles: ['worker'],
  }),
  throughline_job_last_success_timestamp_seconds: gauge({
    help: 'When a job was last complete in this process, as Unix time. When it began here, if it never was.',
    labels: ['workspace', 'kind'],
    roles: ['worker'],
  }),
  throughline_backlog_oldest_seconds: gauge({
    help: 'Age of the oldest entry that a loop of the relay, or the job `count`, has to process; 0: none.',
    labels: ['loop'],
    roles: ['relay'],
  }),
  throughline_reconciliation_passes_total: counter({
    help: 'Complete comparisons of Postgres with Temporal, of all relays, since the database was made.',
    labels: ['kind'],
    roles: ['relay'],
  }),
  throughline_reconciliation_repairs_total: counter({
    help: 'What these comparisons have repaired, by cause, of all relays, since the database was made.',
    labels: ['kind', 'cause'],
    roles: ['relay'],
  }),
  throughline_schedules_unsynced: gauge({
    help: 'Workspaces whose schedules in Temporal do not follow their active bundle yet.',
    roles: ['relay'],
  }),
  throughline_database_bytes: gauge({ help: 'Size of the database on disk.', roles: ['relay'] }),

  // Processes
  throughline_build_info: gauge({ help: '1, with the version of the build.', labels: ['version'] }),
  throughline_postgres_connections: gauge({
    help: 'Connections to Postgres that work uses or that are idle.',
    labels: ['pool', 'state'],
  }),
  throughline_postgres_connections_max: gauge({
    help: 'Connections to Postgres that a pool opens at most.',
    labels: ['pool'],
  }),
  throughline_postgres_waiting: gauge({
    help: 'Queries and transactions that wait for a connection.',
    labels: ['pool'],
  }),
  throughline_queue_waiting: gauge({
    help: 'What waits inside the process: events for a commit, bundles for the compiler, real-time answers, messages, clicks and opens.',
    labels: ['queue'],
  }),
  throughline_worker_restarts_total: counter({
    help: 'How often the workers were replaced because one failed or their connection was dead.',
    roles: ['worker'],
  }),
  throughline_clock_skew_seconds: gauge({
    help: 'How far the clock of the process is ahead of Postgres’. Negative: behind it.',
  }),
  throughline_ready: gauge({
    help: '1 for each role of a process that answers `/readyz` with 200; otherwise 0.',
    labels: ['role'],
    thread: true,
  }),
  throughline_blocked_seconds: gauge({
    help: 'For how long the process has run nothing else, because one piece of work does not yield. Up to 0.5 is normal.',
    thread: true,
  }),
  throughline_metrics_age_seconds: gauge({
    help: 'Age of the other metrics in this answer. Above 0 while the process is blocked.',
    thread: true,
  }),
};

export type MetricName = keyof typeof CATALOGUE;
