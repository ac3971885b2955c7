import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { importCommand } from '../../../src/cli/import/import.ts';
import type { ImportFlags } from '../../../src/cli/import/read-plan.ts';
import { startApi } from '../../../src/service/api.ts';
import { ROOT } from '../../support/paths.ts';
import { buildProduct } from '../../support/product.ts';
import { spawnChild } from '../../support/spawn-child.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { type OlistFiles, writeOlistFiles } from './olist.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'import-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const write = (name: string, text: string | Buffer) => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

/** The arguments of the command in docs/import.md that imports the layout of Olist's files. */
function readDocumentedArguments(): string[] {
  const page = readFileSync(path.join(ROOT, 'docs/import.md'), 'utf8');
  const [, command = ''] = /^throughline (import olist(?:.*\\\n)*.*)$/m.exec(page) ?? [];
  return command.split(/[\s\\]+/);
}

/** What the command prints. */
async function run(file: string, flags: ImportFlags): Promise<string> {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    await importCommand(file, flags);
  } finally {
    vi.restoreAllMocks();
  }
  return lines.join('\n');
}

const preview = (name: string, text: string | Buffer, flags: ImportFlags = {}) =>
  run(write(name, text), { ...flags, dryRun: true });

describe('--dry-run', () => {
  test('orders are recognised by their header, and said in a table', async () => {
    const text =
      'Order Number;Customer Email;Order Date;Total;Currency;Note\n1001;ada@example.com;2025-03-01 10:00;12,50;EUR;x\n1002;;01.03.2025;3;EUR;\n';
    const printed = await preview('orders.csv', text, { as: 'orders', decimal: 'comma' });
    expect(printed).toContain('2     ada@example.com  2025-03-01 10:00  Order Completed: 1001, 12.5 EUR');
    expect(printed).toContain('rejected          has timestamp "01.03.2025", which is no time');
    expect(printed).toMatch(/order_id +Order Number/);
    expect(printed).toContain('not used: Note');
    expect(printed).toContain("Of the first 2 rows, 1 can be imported and 1 can't. Nothing was sent.");
    expect(existsSync(path.join(folder, 'orders.csv.import-state.json'))).toBe(false);
  });

  test('dates, numbers, time zones and encodings are read as said', async () => {
    const text = Buffer.from(
      'order,mail,date,total,product,price,quantity\n7,j@x.example,01.07.2025 12:00,"1.299,00",Mühle,"1.299,00",1\n',
      'latin1',
    );
    const printed = await preview('latin.csv', text, {
      ...{
        as: 'orders',
        encoding: 'windows-1252',
        decimal: 'comma',
        dates: 'dmy',
        timezone: 'Europe/Berlin',
      },
    });
    expect(printed).toContain('j@x.example  2025-07-01 10:00  Order Completed: 7, 1299, 1 product');
    const utf16 = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('email,firstName\nada@example.com,Adä\n', 'utf16le'),
    ]);
    expect(await preview('utf16.csv', utf16, { as: 'customers' })).toContain('firstName Adä');
    const bom = Buffer.from('\ufeffemail,firstName\nada@example.com,Ada\n');
    expect(await preview('bom.csv', bom, { as: 'customers' })).toContain(
      'is known with email ada@example.com',
    );
  });

  test('rows of one order, wherever they are, are its products', async () => {
    const text =
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n1,A,Cup,2,2025-01-01,2.50,c1\n2,B,Pot,1,2025-01-02,9,c2\n1,C,Tea,1,2025-01-01,4,c1\n';
    const printed = await preview('retail.csv', text, { as: 'orders', group: 'InvoiceNo' });
    expect(printed).toContain('c1        2025-01-01 00:00  Order Completed: 1, 9, 2 products');
    expect(printed).toContain('c2        2025-01-02 00:00  Order Completed: 2, 9, 1 product');
  });

  test('a column within an object may have the name of what every object has', async () => {
    const row = { order_id: '1', email: 'ada@example.com', date: '2025-01-01', total: 3 };
    const text = JSON.stringify({ ...row, constructor: { name: 'Ferrari', currency: 'EUR' } });
    const flags = { as: 'orders', map: ['currency=constructor.currency'], keep: ['constructor.name'] };
    expect(await preview('races.ndjson', text, flags)).toContain('Order Completed: 1, 3 EUR');
  });

  test("Shopify's own export of orders is read as it is, with the ids of its webhooks", async () => {
    const header =
      'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Cancelled at,Payment Method,Refunded Amount,Vendor,Id,Tags,Risk Level,Source,Phone';
    const row = (name: string, more: Record<string, string>) => {
      const values: Record<string, string> = { Name: name, Email: 'helen@example.com', ...more };
      return header
        .split(',')
        .map((column) => values[column] ?? '')
        .join(',');
    };
    const first = {
      ...{
        'Financial Status': 'partially_refunded',
        Currency: 'EUR',
        Shipping: '4.90',
        Total: '54.90',
        Taxes: '8.77',
      },
      ...{
        'Created at': '2025-03-01 09:30:00 +0100',
        'Paid at': '2025-03-01 09:31:00 +0100',
        Id: '5552223334441',
      },
      ...{ 'Discount Code': 'SPRING', 'Discount Amount': '5.00', 'Refunded Amount': '10.00' },
      ...{
        'Lineitem quantity': '2',
        'Lineitem name': 'Beans',
        'Lineitem price': '20.00',
        'Lineitem sku': 'B',
      },
    };
    const more = {
      'Lineitem quantity': '1',
      'Lineitem name': 'Cup',
      'Lineitem price': '15.00',
      'Lineitem sku': 'C',
    };
    const voided = { ...first, Id: '5552223334442', 'Cancelled at': '2025-03-02 10:00:00 +0100' };
    const text = [header, row('#1001', first), row('#1001', more), row('#1002', voided)].join('\n');
    const printed = await preview('orders_export.csv', text, { as: 'orders', group: 'Name' });
    expect(printed).toContain('2025-03-01 08:30  Order Completed: 5552223334441, 54.9 EUR, 2 products');
    expect(printed).toContain('2025-03-01 08:30  Order Refunded: 5552223334441, 10 EUR');
    expect(printed).toContain('2025-03-02 09:00  Order Cancelled: 5552223334442');
    expect(printed).toMatch(/coupon +Discount Code/);
  });

  test('customers without a time are as old as the file, or as said', async () => {
    const file = write('undated.csv', 'email,name\nada@example.com,Ada\n');
    utimesSync(file, new Date(), new Date('2024-05-06T07:08:09Z'));
    const printed = await run(file, { as: 'customers', dryRun: true });
    expect(printed).toContain('ada@example.com  2024-05-06 07:08  is known with');
    const said = await run(file, { as: 'customers', dryRun: true, at: '2023-01-01' });
    expect(said).toContain('ada@example.com  2023-01-01 00:00');
    await expect(run(file, { as: 'customers', at: 'long ago' })).rejects.toThrow('--at is "long ago"');
  });

  test('tickets, events, customers and calls', async () => {
    const tickets =
      'id,requester,subject,created_at,solved_at,priority\n7,ada@example.com,It leaks,2025-01-01,2025-01-03,high\n';
    const printed = await preview('tickets.csv', tickets, { as: 'tickets' });
    expect(printed).toContain('Ticket Opened: 7, "It leaks"');
    expect(printed).toContain('2025-01-03 00:00  Ticket Closed: 7');
    const events =
      '{"event":"Article Read","user_id":"u-1","time":"2025-01-01T10:00:00Z","page":{"path":"/x"}}\n';
    expect(await preview('events.ndjson', events, { as: 'events' })).toContain(
      'u-1       2025-01-01 10:00  Article Read',
    );
    const people = 'ContactId,Mail,Newsletter,Plan\nc-9,ada@example.com,yes,pro\n';
    const known = await preview('people.csv', people, {
      as: 'customers',
      map: ['ext:crm=ContactId'],
      keep: ['*'],
    });
    expect(known).toContain('is known with email ada@example.com, Plan pro');
    expect(known).toMatch(/consent:marketing +Newsletter/);
    const calls =
      '{"type":"track","event":"Seen","userId":"u-2","timestamp":"2025-01-01","properties":{"a":1}}\n';
    expect(await preview('calls.ndjson', calls)).toContain('u-2       2025-01-01  Seen');
  });

  test('a mapping file says the same as flags, and flags go before it', async () => {
    const mapping = write(
      'mapping.yaml',
      'as: orders\nfields: { order_id: nr, timestamp: tag, email: post }\nconstants: { currency: CHF, total: 1 }\nkeep: [filiale]\n',
    );
    const text = 'nr,tag,post,filiale\n1,2025-01-01,ada@example.com,Bern\n';
    expect(await preview('eigen.csv', text, { mapping })).toContain('Order Completed: 1, 1 CHF');
    expect(await preview('eigen.csv', text, { mapping, set: ['currency=EUR'] })).toContain('1 EUR');
    expect(await preview('eigen.csv', text, { mapping })).toContain('kept as they are: filiale');
  });

  test.each<[string, ImportFlags, string]>([
    ['a,b\n1,2\n', {}, 'say what the rows are: --as orders'],
    ['a,b\n1,2\n', { as: 'invoices' }, '--as is "invoices": use orders, customers'],
    ['a,b\n1,2\n', { as: 'orders' }, 'no column is order_id of orders: say which with --map order_id=COLUMN'],
    ['id,date\n1,2\n', { as: 'orders', map: ['totl=id'] }, 'orders have no field "totl"'],
    ['id,date\n1,2\n', { as: 'orders', map: ['total=sum'] }, 'the file has no column "sum"'],
    ['id,date\n1,2\n', { as: 'orders', map: ['total'] }, '--map is "total": write FIELD=COLUMN'],
    ['id,date\n1,2\n', { as: 'orders', group: 'x' }, 'no column "x" to group by'],
    ['id,date\n1,2\n', { as: 'orders', join: ['items'] }, 'write NAME=FILE:COLUMN'],
    ['id,date\n1,2\n', { as: 'orders', join: ['items=nowhere.csv:id'] }, 'there is no such file'],
    ['id,date\n1,2\n', { as: 'orders', timezone: 'Mars/Olympus' }, 'is no zone'],
    ['id,date\n1,2\n', { as: 'orders', encoding: 'klingon' }, '--encoding klingon is not known'],
    ['id,date\n', { as: 'orders' }, 'has no row that can be read'],
  ])('what cannot be used is said: %j %j', async (text, flags, reason) => {
    await expect(preview('wrong.csv', text, flags)).rejects.toThrow(reason);
  });
});

describe('importing into a running system', () => {
  let system: TestSystem;
  let api: Awaited<ReturnType<typeof startApi>>;
  let env: Record<string, string>;
  beforeAll(async () => {
    system = await startTestSystem();
    api = await startApi(system.service);
    const writeKey = await createKey(system.db.db, {
      workspace: WORKSPACE,
      kind: 'write',
      scopes: [],
      label: 'import',
    });
    env = { THROUGHLINE_URL: `http://127.0.0.1:${api.port}`, THROUGHLINE_WRITE_KEY: writeKey };
    Object.assign(process.env, env);
  });
  afterAll(async () => {
    for (const name of Object.keys(env)) delete process.env[name];
    await api?.stop();
    await system?.stop();
  });

  const countEvents = async () => {
    const [row] = await system.db.db.sql<{ events: number; messages: number; mails: number }[]>`
      select count(*)::int as events, count(distinct message_id)::int as messages,
        (select count(*)::int from deliveries) as mails
      from events where message_id like 'import:%'`;
    return row;
  };
  const readSpend = async () =>
    system.db.db.sql<{ value: string; orders: number; cents: number }[]>`
      select i.value, (c.profile ->> 'orderCount')::int as orders,
        coalesce((c.profile -> 'spend' ->> 'BRL')::numeric, 0)::int as cents
      from customers c join identities i on i.customer_id = c.id and i.type = 'user'
      where i.value like 'person%'`;

  function expectSums(files: OlistFiles, rows: { value: string; orders: number; cents: number }[]) {
    expect(rows).toHaveLength(files.byCustomer.size);
    for (const { value, orders, cents } of rows) {
      const own = files.byCustomer.get(value) as string[];
      expect([value, orders, cents]).toEqual([
        value,
        own.length,
        own.reduce((sum, order) => sum + (files.cents.get(order) as number), 0),
      ]);
    }
  }

  test('an import that is killed goes on where it was: each row counts once, and nothing is sent', async () => {
    const files = writeOlistFiles(folder, 12_000);
    // Rows that can't be imported, early and late in the file.
    const lines = readFileSync(files.orders, 'utf8').trimEnd().split('\n');
    lines.splice(100, 0, '"broken","cust",delivered');
    lines.push('"late","cust00000001",delivered,yesterday,,,,');
    writeFileSync(files.orders, `${lines.join('\n')}\n`);
    const args = readDocumentedArguments();
    const product = path.join(ROOT, buildProduct());
    const state = `${files.orders}.import-state.json`;
    const first = spawnChild(product, env, args, { cwd: folder });
    await waitUntil(
      async () => existsSync(state) && JSON.parse(readFileSync(state, 'utf8')).units >= 1_000,
      'a checkpoint',
      60_000,
    );
    await first.kill();
    const before = await countEvents();
    expect(before?.events).toBeGreaterThan(0);
    expect(before?.events).toBeLessThan(12_240);

    const second = spawnChild(product, env, args, { cwd: folder });
    expect([await second.gone, second.lines.join('\n')]).toEqual([
      0,
      expect.stringContaining('went on after'),
    ]);
    // Each order is an event, and each cancelled one another.
    expect(await countEvents()).toMatchObject({ events: 12_240, messages: 12_240, mails: 0 });
    expectSums(files, await readSpend());
    const rejected = readFileSync(`${files.orders}.rejected.ndjson`, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rejected).toEqual([
      { line: 101, reason: 'has 3 columns where the header has 8', row: expect.anything() },
      {
        line: 12_003,
        reason: expect.stringContaining('timestamp "yesterday"'),
        row: expect.objectContaining({ order_id: 'late' }),
      },
    ]);
    expect(existsSync(state)).toBe(false);
    const [row] = await system.db.db.sql<{ at: Date; journeys: number }[]>`
      select min(at) as at, (select count(*)::int from enrollments) as journeys from events`;
    // Midnight of 1 January 2017 in São Paulo, in summer time.
    expect([new Date(row?.at as Date).toISOString(), row?.journeys]).toEqual(['2017-01-01T02:00:00.000Z', 0]);

    // The same file once more counts nothing.
    const third = spawnChild(product, env, args, { cwd: folder });
    expect(await third.gone).toBe(0);
    expect(await countEvents()).toMatchObject({ events: 12_240 });
  }, 180_000);

  test('an API that is away is waited for; one that refuses the key is not', async () => {
    const file = write('people.csv', 'id,email\nzoe,zoe@example.com\n');
    process.env.THROUGHLINE_WRITE_KEY = 'wk_wrong';
    await expect(run(file, { as: 'customers' })).rejects.toThrow('refuses the write key');
    expect(existsSync(`${file}.import-state.json`)).toBe(true);
    Object.assign(process.env, env);
    expect(await run(file, { as: 'customers' })).toContain('1 events were accepted as history.');
    expect(existsSync(`${file}.import-state.json`)).toBe(false);
    expect(existsSync(`${file}.rejected.ndjson`)).toBe(false);
  });

  test('ended by a signal, it says that the same command goes on', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const file = write('many.csv', `id,email\n${'xena,xena@example.com\n'.repeat(2_000)}`);
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const started = new Promise((resolve) => silent.once('request', resolve));
    const child = spawnChild(path.join(ROOT, buildProduct()), { ...env, THROUGHLINE_URL: url }, [
      'import',
      file,
      '--as',
      'customers',
    ]);
    await started;
    await child.terminate();
    expect(await child.gone).toBe(143);
    expect(child.lines.join('\n')).toContain('0 events were accepted. The same command goes on from there.');
    silent.closeAllConnections();
    silent.close();
  });

  test('a file that cannot be written beside is an error that says what to do', async () => {
    const file = write('more.csv', 'id,email\nyan,yan@example.com\n');
    const nowhere = path.join(folder, 'nowhere', 'x');
    await expect(run(file, { as: 'customers', rejected: nowhere })).rejects.toThrow('say --rejected');
    await expect(run(file, { as: 'customers', state: nowhere })).rejects.toThrow('say --state');
  });
});
