import { ROLES, SCOPES } from '../../db/schema/values.ts';
import { ROLE_PERMISSIONS } from '../../src/api/frame/role-permissions.ts';
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

const ROLE_MEANINGS: Record<(typeof ROLES)[number], string> = {
  viewer: 'Looks.',
  support: 'Helps customers: pauses, snoozes, merges, coupons, tasks.',
  agent: 'Works on the tasks of the agent desk.',
  marketer: 'Writes journeys, tries them, applies them, and pauses actions.',
  operator: 'Everything, also taking out and erasing customers.',
};

/** One line per role: what of the scopes it permits, and which single operations besides. */
function renderRoles(): string {
  return ROLES.map((role) => {
    const { scopes, operations } = ROLE_PERMISSIONS[role];
    const single = OPERATIONS.filter(({ id }) => operations.includes(id)).map(
      ({ method, path }) => `\`${method.toUpperCase()} ${path}\``,
    );
    const also = single.length > 0 ? `; and ${single.join(', ')}` : '';
    const all = scopes.map((scope) => `\`${scope}\``).join(', ');
    return wrapText(`- **${role}**: ${ROLE_MEANINGS[role]} ${all}${also}`, '  ');
  }).join('\n');
}

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
  return `# Permissions

An API key (\`ak_…\`) belongs to one workspace and has scopes. An operation needs one scope, some a second one; no scope
includes another. A key without it gets 403 \`missing_scope\`; an id of another workspace gets the 404 of an id that does
not exist. [Security](../security.md) says what write keys, browser keys and links permit.

A person who is logged in to the console has one role in each workspace. It permits all operations of some scopes, and
single ones of others. Anything else is answered with 403 \`role_not_permitted\`.

${renderRoles()}

\`npm run docs\` writes this page from the operations in \`src/api\`.

${sections.join('\n\n')}
`;
}
