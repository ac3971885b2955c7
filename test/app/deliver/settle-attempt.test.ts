import { expect, test } from 'vitest';
import { settleAttempt } from '../../../src/app/deliver/settle-attempt.ts';
import type { SendResult } from '../../../src/channels/channel.ts';
import { HOUR, SECOND } from '../../../src/domain/time/time.ts';

const sent: SendResult = { state: 'sent', providerId: 'p' };
const failed: SendResult = { state: 'failed', error: 'no', suppress: false };
const retry: SendResult = { state: 'retry', error: 'later' };
const unknown: SendResult = { state: 'unknown', error: 'silence' };
const pause = 30 * SECOND;

test.each<[string, SendResult, { isRepeat?: boolean; repeatFor?: number }, object]>([
  ['sent ends', sent, {}, { kind: 'end', result: sent }],
  ['sent ends a repeat', sent, { isRepeat: true, repeatFor: HOUR }, { kind: 'end', result: sent }],
  ['failed ends a repeat', failed, { isRepeat: true, repeatFor: HOUR }, { kind: 'end', result: failed }],
  ['a first retry is planned', retry, {}, { kind: 'plan', error: 'later', pause, uncounted: false }],
  ['a first retry is planned, whatever the window', retry, { repeatFor: HOUR }, { kind: 'plan' }],
  [
    'without a connection the attempt does not count',
    { ...retry, unreachable: true },
    {},
    { uncounted: true },
  ],
  ['no answer is unknown without a window', unknown, {}, { kind: 'end', result: unknown }],
  ['no answer is repeated inside the window', unknown, { repeatFor: HOUR }, { kind: 'repeat', pause }],
  [
    'no answer is unknown when the pause would outlast the window',
    unknown,
    { repeatFor: pause },
    { kind: 'end' },
  ],
  [
    'a repeat that sent nothing says nothing about the attempt before',
    retry,
    { isRepeat: true, repeatFor: HOUR },
    { kind: 'repeat', pause },
  ],
  [
    'a repeat that sent nothing is unknown when the window ends',
    retry,
    { isRepeat: true, repeatFor: SECOND },
    { kind: 'end', result: { state: 'unknown', error: 'later' } },
  ],
  [
    'a provider that will say no more is not asked again',
    { ...unknown, final: true },
    { repeatFor: HOUR },
    { kind: 'end', result: unknown },
  ],
])('%s', (_, result, facts, expected) => {
  const settled = settleAttempt(result, {
    isRepeat: false,
    repeatFor: null,
    pauseAfter: () => pause,
    ...facts,
  });
  expect(settled).toMatchObject(expected);
});
