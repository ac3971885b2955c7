import { expect, test } from 'vitest';
import { createSentences } from '../../src/sentences/create-sentences.ts';
import { describeChange } from '../../src/sentences/describe-change.ts';
import { describeEvent } from '../../src/sentences/describe-event.ts';
import { english } from '../../src/sentences/en/catalogue.ts';
import { message } from '../../src/sentences/message.ts';
import { NOW, sentences } from './support.ts';

const KNOWN: Record<string, string> = { tips: 'Weekly tips', tip: 'Tip\u202e of the week', refill: 'Refill' };
const nameOf = (id: string) => KNOWN[id] ?? id;
const named = createSentences(
  english,
  { locale: 'en-GB', zone: 'UTC', now: NOW },
  { journey: nameOf, action: nameOf },
);

test('journeys and actions are written by their names, alone, in lists and inside of other sentences', () => {
  expect(named.write(message('delivery.sent', { action: 'refill', channel: 'email' }))).toBe(
    'Refill was sent by email',
  );
  expect(named.write(message('decision.acted', { actions: { list: ['refill', 'unnamed'] } }))).toBe(
    'decided: Refill and unnamed',
  );
  expect(named.write(describeChange({ kind: 'entered', journey: 'tips' }))).toBe('entered Weekly tips');
  const change = describeChange({ kind: 'goal', journey: 'tips' });
  const inner = message('item.with', { main: { parts: [change] }, details: { parts: [change] } });
  expect(named.write(inner)).toContain('Weekly tips reached its goal');
  expect(sentences.write(change)).toBe('tips reached its goal');
});

test('a name is cleaned as every text is, and other texts are no ids', () => {
  expect(named.write(message('task.open', { action: 'tip' }))).not.toContain('\u202e');
  expect(named.write(describeEvent('Ticket Closed', { ticket_id: 'tips' }))).toContain('tips');
});
