/** Puts items into the inboxes of customers. */
export interface InboxWriter {
  /**
   * Adds an item, once per delivery. False: the customer was erased meanwhile.
   * @throws while the database is away
   */
  add(item: {
    deliveryId: string;
    workspace: string;
    title: string;
    body: string;
    url: string | null;
    keepMs: number;
  }): Promise<boolean>;
}
