import { Flags } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { clusterFlags, jobFlags, jobSettings } from '../../flags.js';
import { listObjects, objectsYaml, writeObjects } from '../../services/objects.js';
import { planJobs } from '../../services/plan.js';

export default class JobRender extends BaseCommand {
  static override summary = 'Print the Kubernetes objects that submit creates.';
  static override description =
    'A ConfigMap with the ingest.yaml and a Job for each run, as YAML for `kubectl apply`. Needs no cluster. The configuration is checked as in the pod, except that its data files exist.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --config ingest.yaml | kubectl apply --filename -',
    '<%= config.bin %> <%= command.id %> --config train.yaml --config test.yaml --output manifests',
  ];
  static override flags = {
    ...jobFlags,
    namespace: clusterFlags.namespace,
    output: Flags.string({
      char: 'o',
      description: 'Write one file for each run into this folder.',
      helpValue: '<folder>',
    }),
  };

  async run(): Promise<{ objects: ReturnType<typeof listObjects>; files: string[] }> {
    const { flags } = await this.parse(JobRender);
    const plans = await this.withTasks(false, (installed) =>
      planJobs(
        flags,
        jobSettings(flags),
        installed.map(({ task }) => task),
      ),
    );
    for (const { warnings } of plans) for (const warning of warnings) this.tell(`Warning: ${printableLine(warning)}`);
    const files = flags.output === undefined ? [] : await writeObjects(flags.output, plans);
    for (const file of files) this.log(printableLine(file));
    if (files.length === 0) for (const { objects } of plans) this.log((await objectsYaml(objects)).trimEnd());
    return { objects: plans.flatMap(({ objects }) => listObjects(objects)), files };
  }
}
