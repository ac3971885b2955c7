const at = '2026-11-28T18:48:49Z';

/** Examples by schema name, shortened. */
export const examples = {
  SystemStatus: {
    at,
    level: 'warn',
    findings: [
      {
        level: 'warn',
        check: 'lag_events',
        message: '12 customers wait, the oldest event for 40 s',
        remedy: 'wait; if it grows, start more workers',
      },
    ],
    lag: {
      waitingCustomers: 12,
      oldestEventSeconds: 40.2,
      overdueJourneys: 0,
      oldestTimerSeconds: 0,
      outboxEvents: 0,
      oldestOutboxSeconds: 0,
    },
    loops: [{ loop: 'outbox', oldestSeconds: 0 }],
    rejected: [],
    channels: [
      {
        channel: 'email',
        sent: 812,
        failed: 3,
        unknown: 0,
        retrying: 0,
        perMinute: 4.2,
        due: 0,
        oldestDueSeconds: 0,
        lastSentAt: at,
        lastErrorAt: null,
        lastError: null,
      },
    ],
    unknownDeliveries: { count: 0, lastAt: null },
    troubled: [],
    schedules: [
      {
        name: 'fit/aroma',
        kind: 'job',
        state: 'active',
        note: null,
        nextAt: at,
        lastAt: at,
        outcome: 'COMPLETED',
        url: null,
      },
    ],
    sweeps: [],
    stuck: [],
    parked: [],
    roles: [{ role: 'worker', name: 'workflows', seenAt: at, processes: 1 }],
    storage: {
      bytes: 48_000_000,
      tables: [
        {
          table: 'events',
          months: 3,
          oldest: '2026-11',
          newest: '2027-01',
          keptSince: null,
          dropping: null,
        },
      ],
    },
  },
};
