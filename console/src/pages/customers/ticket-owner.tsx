import { Link } from '@tanstack/react-router';
import { useApi } from '../../api/use-api.ts';
import { SenderText } from '../../components/sender-text.tsx';
import { nameCustomer } from '../../customer/name.ts';

/** Who opened a ticket that silences another customer. One of another brand is not known here. */
export function TicketOwner({ id }: { id: string }) {
  const { data } = useApi('get', '/v1/customers/{ref}', { params: { path: { ref: id } } });
  if (!data) return null;
  return (
    <Link to="/customers/$ref" params={{ ref: id }}>
      <SenderText plain text={nameCustomer(data)} limit={60} />
    </Link>
  );
}
