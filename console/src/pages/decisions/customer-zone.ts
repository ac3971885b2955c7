import { useApi } from '../../api/use-api.ts';
import { nameCustomer } from '../../customer/name.ts';
import { viewerZone } from '../../format/use-format.ts';

/** What a decision's page needs of the customer. A customer who is gone leaves the viewer's zone and no journeys. */
export function useZoneOf(customerId: string): {
  zone: string;
  /** Their name, or the id of one who is gone. */
  name: string;
  /** The journey of an enrollment that is open. */
  journeyOf(enrollment: string): string | undefined;
} {
  const { data } = useApi('get', '/v1/customers/{ref}', { params: { path: { ref: customerId } } });
  const journeys = new Map(data?.enrollments.map(({ id, journey }) => [id, journey]));
  return {
    zone: data?.timezone ?? viewerZone,
    name: data ? nameCustomer(data) : customerId,
    journeyOf: (enrollment) => journeys.get(enrollment),
  };
}
