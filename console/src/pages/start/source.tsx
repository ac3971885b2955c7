import { SenderText } from '../../components/sender-text.tsx';
import styles from './events.module.css';

/** Who sent an event. */
export const Source = ({ name }: { name: string }) => (
  <span className={styles.source}>
    <SenderText text={name} limit={40} plain />
  </span>
);
