import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createEmailChannel } from '../../src/channels/email.ts';
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
async function server(script: Script): Promise<string> {
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

async function attempt(smtpUrl: string) {
  const channel = createEmailChannel(smtpUrl);
  stops.push(() => channel.close());
  return channel.send(message);
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
