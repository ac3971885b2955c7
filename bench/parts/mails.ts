import process from 'node:process';
import { Liquid } from 'liquidjs';
import { createEmailRenderer } from '../../src/content/render-email.ts';
import { readBundleDir } from '../../src/definitions/source/read-directory.ts';
import { AROMA } from '../../test/support/paths.ts';
import type { Result } from '../result.ts';
import { median, runRounds } from '../stats.ts';

const ACTION = 'order-confirmation';
const MAILS = 2_000;
const ROUNDS = 7;
const BUDGET_MS = 20_000;
/** A layout's place for the mail, as LiquidJS alone would write it. */
const CONTENT_TAG = '{% content %}';

/**
 * mails: mails per second of CPU time, each for another customer: content found, rendered with its blocks and layout, and
 * made into plain text. The floor is LiquidJS alone on the same templates: no text, no limits, no prepared data.
 */
export async function benchMails(): Promise<Result[]> {
  const files = new Map((await readBundleDir(AROMA)).map(({ path, text }) => [path, text]));
  const renderEmail = createEmailRenderer();
  const ours = (n: number) =>
    renderEmail({ files, action: ACTION, locale: 'en', fallbackLocale: 'en', data: dataOf(n) });
  const floor = createFloor(files);
  const measured = await runRounds(ROUNDS, BUDGET_MS, async () => ({
    ours: measure(ours),
    floor: measure(floor),
  }));
  return [
    {
      part: 'mails',
      measure: 'mails rendered per second and core',
      ours: median(measured.map((round) => round.ours)),
      floor: median(measured.map((round) => round.floor)),
      unit: '/s',
      ratio: null,
      goal: { at: 'least', value: 2_000 },
    },
  ];
}

function measure(render: (n: number) => unknown): number {
  for (let n = 0; n < MAILS / 10; n++) render(n);
  const began = process.cpuUsage();
  for (let n = 0; n < MAILS; n++) render(n);
  const { user, system } = process.cpuUsage(began);
  return MAILS / ((user + system) / 1e6);
}

/** The same templates, parsed once, with the blocks as partials of LiquidJS. */
function createFloor(files: ReadonlyMap<string, string>): (n: number) => string {
  const read = (path: string) => files.get(`content/${path}`) ?? '';
  const templates = Object.fromEntries(
    ['button.liquid', 'footer.en.liquid', 'roasting.en.liquid'].map((name) => [
      name.split('.')[0] as string,
      read(`_blocks/${name}`),
    ]),
  );
  const engine = new Liquid({ outputEscape: 'escape', ownPropertyOnly: true, templates });
  engine.registerFilter('money', (amount) => `${amount} EUR`);
  const [, body = ''] = read(`${ACTION}/email.en.liquid`).split(/^---\n[\s\S]*?^---\n/m);
  const whole = engine.parse(read('_blocks/mail.liquid').replace(CONTENT_TAG, body));
  return (n) => String(engine.renderSync(whole, { ...dataOf(n), locale: 'en' }));
}

function dataOf(n: number): Record<string, unknown> {
  return {
    traits: { firstName: `Helen ${n}`, email: `helen-${n}@example.com` },
    workspace: { id: 'aroma', name: 'Aroma Coffee', currency: 'EUR', timezone: 'Europe/Berlin' },
    event: {
      name: 'Order Completed',
      properties: {
        order_id: `o-${n}`,
        total: 412,
        products: [
          { product_id: 'espresso-machine', name: 'Espresso machine', price: 400, quantity: 1 },
          { product_id: 'beans', price: 12, quantity: 2 },
        ],
      },
    },
    cart: null,
    orders: [],
    tickets: [],
    coupon: null,
  };
}
