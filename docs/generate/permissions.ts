import { SCOPES } from '../../db/schema/values.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { wrapText } from './text.ts';

const MEANINGS: Record<(typeof SCOPES)[number], string> = {
  read: 'Reads customers with their personal data, decisions, deliveries, definitions and reports. Changes nothing.',
  decide:
    'Requests decisions for a placement and reports their outcomes. For the servers of a web site or an app.',
  act: 'Acts for a customer: pauses, tasks, consents, coupons. For support tools and agents.',
  configure: 'Changes the definitions of the workspace, and so what is sent to whom.',
  operate: 'Takes out or erases everything about one customer.',
};

/** `docs/reference/permissions.md`, from the operations that the API serves. */
export function renderPermissions(): string {
  const sections = SCOPES.map((scope) => {
    const lines = OPERATIONS.filter((operation) => operation.scope === scope)
      .sort((a, b) => (a.path === b.path ? 0 : a.path < b.path ? -1 : 1))
      .map(({ method, path, summary, alsoNeeds }) =>
        wrapText(
          `- \`${method.toUpperCase()} ${path}\`: ${summary}${alsoNeeds ? `. Needs \`${alsoNeeds}\`, too` : ''}`,
          '  ',
        ),
      );
    return `## ${scope}\n\n${wrapText(MEANINGS[scope])}\n\n${lines.join('\n')}`;
  });
  return `# Permissions of API keys

An API key (\`ak_…\`) belongs to one workspace and has scopes. An operation needs one scope, some a second one; no scope
includes another. A key without it gets 403 \`missing_scope\`; an id of another workspace gets the 404 of an id that does
not exist. [Security](../security.md) says what write keys, browser keys and links permit.

\`npm run docs\` writes this page from the operations in \`src/api\`.

${sections.join('\n\n')}
`;
}
