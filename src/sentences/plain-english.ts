import { createSentences, type Sentences } from './create-sentences.ts';
import { english } from './en/catalogue.ts';

/** English with times in UTC, each with its full date: for answers that any client may read at any time. */
export const plainEnglish: Sentences = createSentences(english, { locale: 'en-GB', zone: 'UTC', now: 0 });
