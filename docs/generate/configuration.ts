import { z } from 'zod';
import { environmentSchema } from '../../src/config.ts';
import { renderTable, wrapText } from './text.ts';

interface Variable {
  description?: string;
  roles?: string;
  default?: unknown;
  example?: string;
}

/** `docs/reference/configuration.md`, from the schema that reads the environment. */
export function renderConfiguration(): string {
  const { properties = {} } = z.toJSONSchema(environmentSchema, { io: 'input', unrepresentable: 'any' });
  const variables = Object.entries(properties as Record<string, Variable>);
  const rows = variables.map(([name, variable]) => [
    `\`${name}\``,
    variable.roles ?? '',
    variable.default === undefined ? '' : `\`${variable.default}\``,
  ]);
  const descriptions = variables.map(([name, variable]) => {
    if (!variable.description) throw new Error(`describe ${name} in src/config.ts`);
    const { description, example } = variable;
    const shown =
      example === undefined || example === String(variable.default) || description.includes(example);
    return wrapText(`- \`${name}\`: ${description}${shown ? '' : ` Example: \`${example}\`.`}`, '  ');
  });
  return `# Configuration

The roles \`api\`, \`relay\` and \`worker\` read these environment variables. \`npm run docs\` writes this page from
\`src/config.ts\`.

${renderTable(['Variable', 'Roles', 'Default'], rows)}

${descriptions.join('\n')}

Temporal's own variables (\`TEMPORAL_ADDRESS\`, \`TEMPORAL_NAMESPACE\`, \`TEMPORAL_API_KEY\`, \`TEMPORAL_TLS_*\`,
\`TEMPORAL_PROFILE\`, \`TEMPORAL_CONFIG_FILE\`) are read by Temporal's \`envconfig\`, as by its command line.
OpenTelemetry's (\`OTEL_EXPORTER_OTLP_ENDPOINT\` and others) switch [traces](../operations.md#traces) on.

Commands that call the API (\`apply\`, \`diff\`, \`export\`, \`rollback\`, \`feed\`, \`import\`) read \`THROUGHLINE_URL\`,
\`THROUGHLINE_API_KEY\` and \`THROUGHLINE_WRITE_KEY\`. Those that work on the database (\`migrate\`, \`workspaces\`, \`keys\`,
\`job\`, \`after-restore\`) read \`DATABASE_URL\`. Without them they use the running \`npm start\`, from
\`.throughline/dev.json\`.
`;
}
