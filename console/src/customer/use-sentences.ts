import { useEffect, useMemo, useState } from 'react';
import { createSentences, type Sentences } from '../../../src/sentences/create-sentences.ts';
import { useFormat } from '../format/use-format.ts';
import { useNames } from '../names/use-names.ts';
import { useCatalogue } from '../sentences/use-sentences.ts';

const MINUTE = 60_000;

/** Writes sentences about a customer, with times in a zone: as whole sentences, with a capital and a full stop. */
export function useSentences(zone: string): Pick<Sentences, 'write'> {
  const { locale } = useFormat();
  const catalogue = useCatalogue();
  const now = useNow();
  const names = useNames();
  return useMemo(() => {
    const sentences = createSentences(catalogue, { locale, zone, now }, names);
    return { write: (message) => toSentence(sentences.write(message)) };
  }, [catalogue, locale, zone, now, names]);
}

/** The present, renewed every minute, so that "today" stays true. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function toSentence(text: string): string {
  const [first = ''] = text;
  const capital = first.toLocaleUpperCase() + text.slice(first.length);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
