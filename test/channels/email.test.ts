import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createEmailChannel, type SmtpOptions } from '../../src/channels/email.ts';
import { findMailProvider } from '../../src/channels/mail-providers.ts';
import { startMailbox } from '../../src/dev/mailbox/start.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const message = {
  deliveryId: 'dlv_1_1_1_0',
  workspace: 'aroma',
  channel: 'email',
  class: 'marketing',
  preferencesUrl: null,
  to: 'ada@example.com',
  from: { name: 'Aroma', email: 'hello@aroma.example' },
  subject: 'Grüße',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: {
    'List-Unsubscribe': '<http://127.0.0.1/unsubscribe/x>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
};

type Script = Partial<
  Record<'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'end' | 'idle', string | 'drop' | 'silence'>
>;

/** What a server does in one message: the first of its first connection is 1 and 1. */
type ScriptOf = (connection: number, message: number) => Script;

/** An SMTP server that answers one step as scripted, and accepts everything otherwise. */
async function server(script: Script | ScriptOf, heard: string[] = []): Promise<string> {
  const sockets = new Set<net.Socket>();
  const listening = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const connection = sockets.size;
    let message = 1;
    let body = false;
    const answerTo = (step: keyof Script) =>
      (typeof script === 'function' ? script(connection, message) : script)[step];
    const say = (step: keyof Script, usual: string) => {
      const answer = answerTo(step) ?? usual;
      if (answer === 'drop') socket.destroy();
      else if (answer.startsWith('421')) socket.end(`${answer}\r\n`);
      else if (answer !== 'silence') socket.write(`${answer}\r\n`);
    };
    say('greeting', '220 here');
    let text = '';
    let inTransaction = false;
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (body) {
        if (!text.endsWith('\r\n.\r\n')) return;
        heard.push('(message)');
        body = false;
        inTransaction = false;
        text = '';
        say('end', '250 taken');
        if (answerTo('idle')) setTimeout(() => say('idle', ''), 30);
        else message++;
        return;
      }
      for (let at = text.indexOf('\r\n'); at >= 0 && !body; at = text.indexOf('\r\n')) {
        const line = text.slice(0, at).toUpperCase();
        heard.push(text.slice(0, at));
        text = text.slice(at + 2);
        if (line.startsWith('EHLO')) say('EHLO', '250 here');
        else if (line.startsWith('AUTH')) socket.write('235 welcome\r\n');
        else if (line.startsWith('MAIL')) {
          if (inTransaction) socket.write('503 nested MAIL command\r\n');
          else say('MAIL', '250 ok');
          inTransaction = true;
        } else if (line.startsWith('RCPT')) say('RCPT', '250 ok');
        else if (line === 'DATA') {
          body = (answerTo('DATA') ?? '354').startsWith('354');
          say('DATA', '354 go on');
        } else if (line === 'RSET') {
          message++;
          inTransaction = false;
          socket.write('250 reset\r\n');
        } else if (line === 'QUIT') socket.end('221 bye\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  return `smtp://127.0.0.1:${(listening.address() as net.AddressInfo).port}`;
}

function openChannel(smtpUrl: string, options?: SmtpOptions) {
  const channel = createEmailChannel(smtpUrl, options);
  stops.push(() => channel.close());
  return channel;
}

async function attempt(smtpUrl: string, to = message.to) {
  return openChannel(smtpUrl).send({ ...message, to });
}

test.each<[string, Script, string, boolean?]>([
  ['421 in the greeting is tried again', { greeting: '421 busy' }, 'retry'],
  ['450 for the recipient is tried again', { RCPT: '450 greylisted' }, 'retry'],
  ['550 for the recipient is a hard bounce', { RCPT: '550 no such user' }, 'failed', true],
  ['552 for the recipient fails, and the address is not at fault', { RCPT: '552 full' }, 'failed', false],
  ['554 after the message fails', { end: '554 spam' }, 'failed', false],
  [
    '451 after the message results in retry, because the server has not accepted it',
    { end: '451 later' },
    'retry',
  ],
  ['a connection lost before DATA is tried again', { RCPT: 'drop' }, 'retry'],
  ['a connection lost after the final dot is unknown (fault 23)', { end: 'drop' }, 'unknown'],
])('%s', async (_, script, state, suppress) => {
  const result = await attempt(await server(script));
  expect(result.state).toBe(state);
  if (suppress !== undefined) expect(result).toMatchObject({ suppress });
});

test('silence after the final dot results in unknown, within the time of an activity', async () => {
  const started = Date.now();
  const result = await attempt(await server({ end: 'silence' }));
  expect(result.state).toBe('unknown');
  expect(Date.now() - started).toBeLessThan(20_000);
}, 30_000);

test('a refused connection results in retry', async () => {
  expect((await attempt('smtp://127.0.0.1:9')).state).toBe('retry');
});

test('a sent mail has a fixed Message-ID, both parts, and one-click unsubscribe headers', async () => {
  const mailbox = await startMailbox();
  stops.push(() => mailbox.stop());
  expect(await attempt(mailbox.smtpUrl)).toMatchObject({ state: 'sent' });
  const [mail] = mailbox.messages();
  expect(mail).toMatchObject({ subject: 'Grüße', to: ['ada@example.com'] });
  expect(mail?.text).toContain('Hello');
  expect(mail?.html).toContain('<p>Hello</p>');
  expect(mail?.headers['message-id']).toBe('<dlv_1_1_1_0@aroma.example>');
  expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
});

const WIDE = 'jürgen@xn--mller-kva.de';

test('an address beyond ASCII is not told to a server without SMTPUTF8, and is not suppressed', async () => {
  const heard: string[] = [];
  const result = await attempt(await server({}, heard), WIDE);
  expect(result).toMatchObject({
    state: 'failed',
    suppress: false,
    error: expect.stringContaining('SMTPUTF8'),
  });
  expect(heard.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([]);
});

test('an address beyond ASCII is sent with SMTPUTF8 where the server offers it', async () => {
  const heard: string[] = [];
  const utf8 = { EHLO: '250-here\r\n250 SMTPUTF8' };
  expect(await attempt(await server(utf8, heard), WIDE)).toMatchObject({ state: 'sent' });
  expect(heard.find((line) => line.startsWith('MAIL'))).toContain('SMTPUTF8');
  expect(heard.find((line) => line.startsWith('RCPT'))).toBe(`RCPT TO:<${WIDE}>`);
});

test('a server on the way without SMTPUTF8 does not make the mailbox invalid', async () => {
  const script = { EHLO: '250-here\r\n250 SMTPUTF8', RCPT: '550 5.6.7 SMTPUTF8 required downstream' };
  expect(await attempt(await server(script), WIDE)).toMatchObject({ state: 'failed', suppress: false });
});

test.each(["o'neil+{tag}=x@example.com", '!#$%&*/?^`|~@example.com'])(
  '%s is exactly one recipient, in the envelope and in the header',
  async (to) => {
    const mailbox = await startMailbox();
    stops.push(() => mailbox.stop());
    expect(await attempt(mailbox.smtpUrl, to)).toMatchObject({ state: 'sent' });
    const [mail] = mailbox.messages();
    expect(mail?.to).toEqual([to]);
    expect(mail?.headers.to?.replace(/^<(.*)>$/, '$1')).toBe(to);
  },
);

test('a domain beyond ASCII is told to the server as punycode', async () => {
  const heard: string[] = [];
  expect(await attempt(await server({}, heard), 'info@xn--mller-kva.de')).toMatchObject({ state: 'sent' });
  expect(heard.find((line) => line.startsWith('RCPT'))).toBe('RCPT TO:<info@xn--mller-kva.de>');
});

async function headersOf(options: SmtpOptions) {
  const mailbox = await startMailbox();
  stops.push(() => mailbox.stop());
  expect(await openChannel(mailbox.smtpUrl, options).send(message)).toMatchObject({ state: 'sent' });
  return mailbox.messages()[0]?.headers ?? {};
}

test('a provider gets the delivery id, which its webhooks return, and no other server does', async () => {
  expect(JSON.parse((await headersOf({ provider: 'sendgrid' }))['x-smtpapi'] ?? '')).toEqual({
    unique_args: { delivery_id: message.deliveryId },
  });
  expect(await headersOf({ provider: 'postmark' })).toMatchObject({
    'x-pm-metadata-delivery_id': message.deliveryId,
    'x-pm-keepid': 'true',
  });
  expect(Object.keys(await headersOf({})).filter((name) => /^x-(pm|smtpapi)/.test(name))).toEqual([]);
  expect(findMailProvider('smtp.sendgrid.net')).toBe('sendgrid');
  expect(findMailProvider('smtp.postmarkapp.com')).toBe('postmark');
  expect(findMailProvider('mail.example')).toBeUndefined();
  expect(findMailProvider('constructor')).toBeUndefined();
});

test('bounces go to the return path, and a server that offers DSN is told to name the delivery in them', async () => {
  for (const [offer, expected] of [
    ['250 DSN', ' RET=HDRS ENVID=dlv_1_1_1_0'],
    ['250 SIZE', ''],
  ]) {
    const heard: string[] = [];
    const url = await server({ EHLO: `250-here\r\n${offer}` }, heard);
    const channel = openChannel(url, { returnPath: 'bounces@aroma.example' });
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(heard.find((line) => line.startsWith('MAIL'))).toBe(
      `MAIL FROM:<bounces@aroma.example>${expected}`,
    );
    const notify = expected === '' ? '' : ' NOTIFY=FAILURE';
    expect(heard.find((line) => line.startsWith('RCPT'))).toMatch(
      new RegExp(`^RCPT TO:<ada@example.com>${notify}`),
    );
  }
});

describe('a kept connection', () => {
  const count = (heard: string[], word: string) => heard.filter((line) => line.startsWith(word)).length;
  /** Resets the connection in the background after a refusal. */
  const settled = () => sleep(30);

  test('carries the next message, with one login for both, each with its own parameters', async () => {
    const heard: string[] = [];
    const url = await server({ EHLO: '250-here\r\n250-SMTPUTF8\r\n250-DSN\r\n250 AUTH PLAIN' }, heard);
    const channel = openChannel(url.replace('//', '//ada:secret@'));
    expect(await channel.send({ ...message, to: WIDE })).toMatchObject({ state: 'sent' });
    expect(await channel.send({ ...message, deliveryId: 'dlv_2_1_1_0' })).toMatchObject({ state: 'sent' });
    expect(count(heard, 'EHLO')).toBe(1);
    expect(count(heard, 'AUTH PLAIN')).toBe(1);
    expect(count(heard, '(message)')).toBe(2);
    expect(heard.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([
      'MAIL FROM:<hello@aroma.example> SMTPUTF8 RET=HDRS ENVID=dlv_1_1_1_0',
      expect.stringMatching(`^RCPT TO:<${WIDE}> NOTIFY=FAILURE`),
      'MAIL FROM:<hello@aroma.example> RET=HDRS ENVID=dlv_2_1_1_0',
      expect.stringMatching('^RCPT TO:<ada@example.com> NOTIFY=FAILURE'),
    ]);
  });

  test('carries one message at a time', async () => {
    const heard: string[] = [];
    const channel = openChannel(await server({}, heard));
    const sendThree = () => Promise.all([1, 2, 3].map(() => channel.send(message)));
    expect(await sendThree()).toMatchObject(Array(3).fill({ state: 'sent' }));
    expect(await sendThree()).toMatchObject(Array(3).fill({ state: 'sent' }));
    expect(count(heard, 'EHLO')).toBe(3);
    expect(count(heard, '(message)')).toBe(6);
  });

  test.each<[string, Script]>([
    ['says goodbye while idle', { idle: '421 4.4.2 idle for too long' }],
    ['closes it while idle', { idle: 'drop' }],
    ['answers MAIL with 421', { MAIL: '421 4.4.2 idle for too long' }],
    ['answers MAIL with 451', { MAIL: '451 4.7.0 timeout waiting for client input' }],
    ['closes it at MAIL', { MAIL: 'drop' }],
    ['closes it at RCPT', { RCPT: 'drop' }],
  ])('is replaced at once when the server %s', async (_, script) => {
    const heard: string[] = [];
    const url = await server((connection, number) => {
      if (connection > 1) return {};
      return (number === 1) === 'idle' in script ? script : {};
    }, heard);
    const channel = openChannel(url);
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    if ('idle' in script) await sleep(80);
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(count(heard, 'EHLO')).toBe(2);
    expect(count(heard, '(message)')).toBe(2);
  });

  test('is replaced at once when a server with PIPELINING answers MAIL with 421', async () => {
    const heard: string[] = [];
    const url = await server(
      (connection, number) => ({
        EHLO: '250-here\r\n250 PIPELINING',
        ...(connection === 1 && number === 2 ? { MAIL: '421 idle', DATA: '503 no' } : {}),
      }),
      heard,
    );
    const channel = openChannel(url);
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(count(heard, '(message)')).toBe(2);
  });

  test('is not needed to tell a refusal with PIPELINING from an outage', async () => {
    const channel = openChannel(await server({ EHLO: '250-here\r\n250 PIPELINING', MAIL: '421 too busy' }));
    expect(await channel.send(message)).toEqual({ state: 'retry', error: expect.stringContaining('421') });
  });

  test('is replaced once: a server that hangs up again results in retry', async () => {
    const heard: string[] = [];
    const url = await server(
      (_, number) => (count(heard, '(message)') + number > 1 ? { MAIL: 'drop' } : {}),
      heard,
    );
    const channel = openChannel(url);
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(await channel.send(message)).toMatchObject({ state: 'retry', unreachable: true });
    expect(count(heard, 'EHLO')).toBe(2);
  });

  test.each<[string, Script, string]>([
    ['the connection is lost', { end: 'drop' }, 'unknown'],
    ['421 is the answer', { end: '421 4.3.0 going down' }, 'retry'],
    ['554 is the answer', { end: '554 spam' }, 'failed'],
  ])('never sends a message again when after its final dot %s', async (_, script, state) => {
    const heard: string[] = [];
    const url = await server((connection, number) => (connection === 1 && number === 2 ? script : {}), heard);
    const channel = openChannel(url);
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(await channel.send(message)).toMatchObject({ state });
    expect(count(heard, '(message)')).toBe(2);
    expect(count(heard, 'EHLO')).toBe(1);
    expect(await channel.send(message)).toMatchObject({ state: 'sent' });
    expect(count(heard, 'EHLO')).toBe(2);
  });

  test.each([
    ['', { RCPT: '550 5.1.1 no such user' }],
    [' with PIPELINING', { RCPT: '550 5.1.1 no such user', DATA: '554 5.5.1 no valid recipients' }],
  ])('carries the next message after a refused recipient%s', async (pipelining, refusal) => {
    const heard: string[] = [];
    const url = await server(
      (_, number) => ({
        EHLO: `250-here\r\n250 ${pipelining.trim().split(' ').at(-1) || 'SIZE'}`,
        ...(number <= 2 ? refusal : {}),
      }),
      heard,
    );
    const channel = openChannel(url);
    for (const state of ['failed', 'failed', 'sent']) {
      expect(await channel.send(message)).toMatchObject({ state });
      await settled();
    }
    expect(count(heard, 'EHLO')).toBe(1);
    expect(count(heard, 'RSET')).toBe(2);
    expect(count(heard, '(message)')).toBe(1);
  });

  test('is given up after five refused recipients, and after any temporary failure', async () => {
    for (const [RCPT, messages, connections] of [
      ['550 5.1.1 no such user', 6, 2],
      ['450 4.2.0 greylisted', 2, 2],
    ] as const) {
      const heard: string[] = [];
      const channel = openChannel(await server({ RCPT }, heard));
      for (let n = 0; n < messages; n++) {
        await channel.send(message);
        await settled();
      }
      expect(count(heard, 'EHLO')).toBe(connections);
    }
  });

  test('is given up when the server answers before the end of a message', async () => {
    const heard: string[] = [];
    const channel = openChannel(await server({ DATA: '354 go on\r\n250 early' }, heard));
    await channel.send({ ...message, html: 'x'.repeat(4_000_000) });
    await channel.send(message);
    expect(count(heard, 'EHLO')).toBe(2);
  });

  test('takes no address beyond ASCII either, and carries the next message', async () => {
    const heard: string[] = [];
    const channel = openChannel(await server({}, heard));
    for (const [to, state] of [
      ['ada@example.com', 'sent'],
      [WIDE, 'failed'],
      ['ada@example.com', 'sent'],
    ] as const)
      expect(await channel.send({ ...message, to })).toMatchObject({ state });
    expect(count(heard, 'EHLO')).toBe(1);
  });

  test('is given up after 100 messages', async () => {
    const heard: string[] = [];
    const channel = openChannel(await server({}, heard));
    for (let n = 0; n < 101; n++) await channel.send(message);
    expect(count(heard, 'EHLO')).toBe(2);
    expect(count(heard, '(message)')).toBe(101);
  });

  test('is closed with QUIT after five idle seconds, and with the channel', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const heard: string[] = [];
    try {
      const channel = openChannel(await server({}, heard));
      await channel.send(message);
      vi.advanceTimersByTime(4_900);
      await channel.send(message);
      vi.advanceTimersByTime(4_900);
      expect(count(heard, 'QUIT')).toBe(0);
      vi.advanceTimersByTime(100);
      vi.useRealTimers();
      await vi.waitFor(() => expect(count(heard, 'QUIT')).toBe(1));
      await channel.send(message);
      expect(count(heard, 'EHLO')).toBe(2);
      await channel.close();
      await vi.waitFor(() => expect(count(heard, 'QUIT')).toBe(2));
    } finally {
      vi.useRealTimers();
    }
  });
});
