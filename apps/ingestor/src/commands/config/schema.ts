import { composeSchema } from '@tracebloc/ingestor-config';
import type { JsonSchema } from '@tracebloc/ingestor-contract';
import { BaseCommand, installedTables } from '@tracebloc/ingestor-cli';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of ingest.yaml, composed from the installed tasks.';
  static override description =
    'For editors: put `# yaml-language-server: $schema=<its file or address>` into the first line of an ingest.yaml.';
  static override examples = ['<%= config.bin %> <%= command.id %> > ingest.schema.json'];

  async run(): Promise<JsonSchema> {
    await this.parse(ConfigSchema);
    const schema = composeSchema(
      (await this.installedTasks()).map(({ task }) => task),
      installedTables().map(({ table }) => table),
    );
    this.log(JSON.stringify(schema, null, 2));
    return schema;
  }
}
