import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { TextInput } from '../text-input.tsx';
import styles from './graph.module.css';
import { messages } from './messages.ts';

interface Props {
  words: string;
  /** How many nodes have them. */
  matches: number;
  onWords(words: string): void;
  onNext(): void;
}

/** Finds a step of a large graph; Enter goes on to the next one that has the words. */
export function FindStep({ words, matches, onWords, onNext }: Props) {
  const t = useMessages(messages);
  const { number } = useFormat();
  const isAsked = words.trim() !== '';
  return (
    <div className={styles.find}>
      <TextInput
        label={t.find}
        hideLabel
        type="search"
        placeholder={t.find}
        maxLength={200}
        value={words}
        onChange={(event) => onWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onNext();
        }}
      />
      <span role="status" className={styles.found}>
        {isAsked && (matches === 0 ? t.noneFound : t.found({ count: number(matches, 0) }))}
      </span>
    </div>
  );
}
