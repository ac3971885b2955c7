import { toWords } from '../format/to-words.ts';
import { useNames } from './use-names.ts';

/** Names actions for people who know no ids: what has no name is its id in words. */
export function useActionWords(): (id: string) => string {
  const names = useNames();
  return (id) => {
    const name = names.action(id);
    return name === id ? toWords(id) : name;
  };
}
