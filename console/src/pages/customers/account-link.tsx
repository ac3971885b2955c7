import { Link } from '@tanstack/react-router';
import { SenderText } from '../../components/sender-text.tsx';

/** The account of a customer, as a link to all of its members. */
export function AccountLink({ id }: { id: string | undefined }) {
  if (id === undefined) return null;
  return (
    <Link to="/customers" search={{ q: id }}>
      <SenderText plain text={id} limit={80} />
    </Link>
  );
}
