import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
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
  Record<'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'end', string | 'drop' | 'silence'>
>;

/** An SMTP server that answers one step as scripted, and accepts everything otherwise. */
async function server(script: Script, heard: string[] = []): Promise<string> {
  const sockets = new Set<net.Socket>();
  const listening = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let body = false;
    const say = (step: keyof Script, usual: string) => {
      const answer = script[step] ?? usual;
      if (answer === 'drop') socket.destroy();
      else if (answer !== 'silence') socket.write(`${answer}\r\n`);
    };
    say('greeting', '220 here');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (body) {
        if (!text.endsWith('\r\n.\r\n')) return;
        body = false;
        text = '';
        say('end', '250 taken');
        return;
      }
      for (let at = text.indexOf('\r\n'); at >= 0 && !body; at = text.indexOf('\r\n')) {
        const line = text.slice(0, at).toUpperCase();
        heard.push(text.slice(0, at));
        text = text.slice(at + 2);
        if (line.startsWith('EHLO')) say('EHLO', '250 here');
        else if (line.startsWith('MAIL')) say('MAIL', '250 ok');
        else if (line.startsWith('RCPT')) say('RCPT', '250 ok');
        else if (line === 'DATA') {
          body = (script.DATA ?? '354').startsWith('354');
          say('DATA', '354 go on');
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

async function attempt(smtpUrl: string, to = message.to) {
  const channel = createEmailChannel(smtpUrl);
  stops.push(() => channel.close());
  return channel.send({ ...message, to });
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
  expect(await createEmailChannel(mailbox.smtpUrl, options).send(message)).toMatchObject({ state: 'sent' });
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
});

test('bounces go to the return path, and a server that offers DSN is told to name the delivery in them', async () => {
  for (const [offer, expected] of [
    ['250 DSN', ' RET=HDRS ENVID=dlv_1_1_1_0'],
    ['250 SIZE', ''],
  ]) {
    const heard: string[] = [];
    const url = await server({ EHLO: `250-here\r\n${offer}` }, heard);
    const channel = createEmailChannel(url, { returnPath: 'bounces@aroma.example' });
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
