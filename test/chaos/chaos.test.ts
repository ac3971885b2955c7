import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { check } from './checker/check.ts';
import type { Evidence } from './checker/evidence.ts';
import { readDatabase } from './checker/read-database.ts';
import { formatViolation } from './checker/violation.ts';
import { CORRUPTIONS, findMarketingClaim } from './corruptions.ts';
import { decodeCandidates } from './decode-candidates.ts';
import type { Fault } from './faults/fault.ts';
import { FAULTS } from './faults/list.ts';
import { createRandom } from './random.ts';
import { type RoundResult, runRound } from './round.ts';
import { type Stage, startStage } from './stage.ts';

const SEED = Number(process.env.CHAOS_SEED ?? 2026);
const CUSTOMERS = 30;
/** Long, because other programs may keep the machine busy: here it counts that everything comes back, not how fast. */
const PATIENCE_MS = 180_000;
const SPREAD_MS = 8_000;
const CALM_ROUNDS = 3;
const SEQUENCE = ['worker killed', 'sessions ended', 'relay killed', 'api killed'];

/** One of each in turn, while providers misbehave and every event is sent twice. */
const mix: Fault = {
  kind: 'short mix',
  number: '35',
  tries: SEQUENCE.length,
  style: { copies: 2 },
  async before(context) {
    void findFault('providers misbehave').inject?.(context);
  },
  async inject(context) {
    await findFault(SEQUENCE[turn++ % SEQUENCE.length] as string).inject?.(context);
  },
};
let turn = 0;

function findFault(kind: string): Fault {
  const fault = FAULTS.find((each) => each.kind === kind);
  if (!fault) throw new Error(`there is no fault ${kind}`);
  return fault;
}

let stage: Stage;
let round: RoundResult;
/** As it is when nothing runs any more. */
let settled: Evidence;
beforeAll(async () => {
  console.log(`chaos: seed ${SEED}; to repeat: CHAOS_SEED=${SEED} npm test -- test/chaos`);
  stage = await startStage(() => {});
  const run = (fault: Fault, name: string) =>
    runRound(stage, {
      fault,
      name,
      random: createRandom(SEED),
      customers: CUSTOMERS,
      codePath: inject('workflowBundlePath'),
      limitMs: PATIENCE_MS,
      patienceMs: PATIENCE_MS,
      spreadMs: SPREAD_MS,
    });
  round = await run(mix, 'short');
  // Faults may have held all marketing until something forbade it, and the controls below need some that was claimed.
  let { evidence } = round;
  for (let n = 1; n <= CALM_ROUNDS && !findMarketingClaim(evidence.database); n++)
    evidence = (await run(findFault('none'), `calm${n}`)).evidence;
  // Messages that were waiting for their next try may have left since.
  await stage.roles.stopAll();
  settled = {
    ...evidence,
    database: await readDatabase(stage.sql, evidence.people, decodeCandidates),
    receipts: [...stage.mail.receipts, ...stage.sms.receipts],
  };
}, 600_000);
afterAll(() => stage?.stop(), 60_000);

test('I1, I2, I3, I4, I5, fault 35: a mix of faults loses, doubles and delays nothing', () => {
  console.log(
    `chaos: ${round.acknowledged} acknowledged, ${round.tries} faults, caught up within ${round.slowest.toFixed(1)} s`,
  );
  expect(round.violations.map(formatViolation)).toEqual([]);
  expect(round.acknowledged).toBe(round.evidence.people.flatMap(({ steps }) => steps).length);
});

test.each(CORRUPTIONS)('the checker reports, and reports only, $what', async ({ corrupt }) => {
  const { evidence, expected } = await corrupt(stage.sql, settled);
  const reported = check(evidence).map(({ kind, rule, subject }) => ({ kind, rule, subject }));
  expect(reported).toEqual(expected);
});
