/** Groups of operations, in the order of the document. Every operation names one. */
export const TAGS = [
  { name: 'Events', description: 'Send events, and read what became of them' },
  { name: 'Customers', description: 'Read customers, and change what they receive' },
  { name: 'Decisions', description: 'Request real-time decisions, and read all decisions' },
  { name: 'Deliveries', description: 'Messages on their way to customers' },
  { name: 'Inbox', description: 'Messages in the app of the company' },
  { name: 'Coupons', description: 'Redeem and revoke coupons' },
  { name: 'Tasks', description: 'Work through the agent desk' },
  { name: 'Journeys', description: 'Read journeys, and enter or leave them' },
  { name: 'Actions', description: 'Pause and resume actions, and read their guardrails' },
  { name: 'Accounts', description: 'Companies and households' },
  { name: 'Configuration', description: 'Check, apply and compare bundles' },
  { name: 'Reports', description: 'Results over a period' },
  { name: 'Sessions', description: 'Log in to the console, and out again' },
  { name: 'Operations', description: 'Health of the process, and how the installation does' },
  { name: 'Customer pages', description: 'Pages that customers open from a message' },
];
