/** A build of the workflow with a defect: every task of it fails. */
export async function customerJourney(): Promise<void> {
  throw new Error('a defect');
}
