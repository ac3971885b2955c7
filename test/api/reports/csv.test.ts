import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATIONS } from '../../../src/api/operations.ts';
import { writeCsv } from '../../../src/api/reports/csv/csv.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { seed, wipe } from '../support/report-rows.ts';

const AT = Date.UTC(2026, 2, 5);
const PERIOD = 'from=2026-03-01&to=2026-04-01';
const REPORTS = OPERATIONS.filter(({ replies }) => replies[200]?.csv !== undefined);

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await wipe(api.db);
  await seed(api.db, WORKSPACE, {
    customers: [{ id: 'cus_1' }],
    deliveries: [
      { customer_id: 'cus_1', action: '=HYPERLINK("http://x")', channel: 'email', at: AT, state: 'sent' },
    ],
    decisions: [{ id: 'dec_1', customer_id: 'cus_1', at: AT }],
    enrollments: [{ id: 'enr_1', customer_id: 'cus_1', journey: 'tips', arm: 'treated', entered_at: AT }],
  });
});
afterAll(() => api.stop());

const ask = (path: string, headers: Record<string, string> = {}) =>
  request(api.app)
    .get(path)
    .set({ authorization: `Bearer ${api.keys.api}`, ...headers });

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])(
  'a text that a spreadsheet would run is written as text: %j',
  (text) => {
    const [, line] = writeCsv(['a'], [{ a: text }]).split('\r\n', 2);
    expect(writeCsv(['a'], [{ a: text }])).toContain("'");
    expect(line?.replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('numbers stay numbers, quotes are doubled, and missing cells are empty', () => {
  expect(writeCsv(['a', 'b', 'c'], [{ a: -1.5, b: 'say "hi", please' }])).toBe(
    'a,b,c\r\n-1.5,"say ""hi"", please",\r\n',
  );
});

test.each(REPORTS.map(({ path }) => path))('%s is JSON with its age, and the same as CSV', async (path) => {
  const query = path.endsWith('/holds') ? `${PERIOD}&journey=tips` : PERIOD;
  const json = await ask(`${path}?${query}`);
  expect(json.status).toBe(200);
  const { countedAt } = json.body as { countedAt: string };
  expect(Math.abs(Date.parse(countedAt) - Date.now())).toBeLessThan(60_000);
  expect(Date.parse(json.headers['last-modified'] ?? '')).toBeCloseTo(Date.parse(countedAt), -4);
  for (const csv of [
    await ask(`${path}?${query}&format=csv`),
    await ask(`${path}?${query}`, { accept: 'text/csv' }),
  ]) {
    expect(csv.headers['content-type']).toMatch(/^text\/csv/);
    expect(csv.headers['content-disposition']).toMatch(
      /^attachment; filename="\w+-2026-03-01-to-2026-04-01.csv"$/,
    );
    const [header = '', ...lines] = csv.text.trimEnd().split('\r\n');
    const operation = REPORTS.find((report) => report.path === path);
    expect(operation?.replies[200]?.csv).toBe(`Columns: ${header.replaceAll(',', ', ')}`);
    if (!/attribution|retention|funnel/.test(path)) expect(lines.length).toBeGreaterThan(0);
  }
});

test('names that begin like a formula are quoted in the report of deliveries', async () => {
  const csv = (await ask(`/v1/reports/deliveries?${PERIOD}&format=csv`)).text;
  expect(csv).toContain(`"'=HYPERLINK(""http://x"")"`);
});
