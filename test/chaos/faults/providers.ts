import { setTimeout as sleep } from 'node:timers/promises';
import type { MailMode } from '../mail-server.ts';
import type { SmsMode } from '../sms-provider.ts';
import type { Fault } from './fault.ts';

const SECOND = 1_000;

/** Works in a third of the conversations, so that retries succeed. */
const MAIL_MODES: MailMode[] = [
  'works',
  'works',
  'works',
  'works',
  'busy',
  'silent',
  'greylists',
  'bounces',
  'drops before data',
  'drops after data',
  'silent after data',
  'defers after data',
  'refuses after data',
  'slow',
];
const SMS_MODES: SmsMode[] = [
  'works',
  'works',
  'works',
  'limits',
  'unavailable',
  'fails',
  'refuses',
  'silent',
  'drops',
  'slow',
];

/** Faults of mail server and webhook. */
export const providerFaults: Fault[] = [
  {
    kind: 'providers misbehave',
    number: '23',
    tries: 1,
    spreadMs: 12 * SECOND,
    async inject({ stage: { mail, sms }, random }) {
      mail.behave(() => random.pick(MAIL_MODES));
      sms.behave(() => random.pick(SMS_MODES));
      await sleep(10 * SECOND);
      mail.behave(() => 'works');
      sms.behave(() => 'works');
    },
  },
  {
    kind: 'webhook black-holed',
    number: '25',
    tries: 1,
    spreadMs: 12 * SECOND,
    async inject({ stage: { sms } }) {
      sms.behave(() => 'silent');
      await sleep(9 * SECOND);
      sms.behave(() => 'works');
    },
  },
];
