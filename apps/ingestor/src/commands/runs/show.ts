import { Args } from '@oclif/core';
import { describeResume, findRun, type RunAccount } from '@tracebloc/ingestor-pipeline/stored';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { storesFlags } from '../../flags.js';
import { renderRun } from '../../output/runs.js';
import { StoresCommand } from '../../stores-command.js';

type ShownRun = RunRow & { progress: RunAccount['shards']; calls: RunAccount['calls']; resume: string };

export default class RunsShow extends StoresCommand {
  static override summary = 'Show what became of a run, and what resuming it would do.';
  static override examples = ['<%= config.bin %> <%= command.id %> 3f2a9c1e'];
  static override args = {
    run: Args.string({
      description: 'The id of the run, or the beginning of the id if no other run has it.',
      required: true,
    }),
  };
  static override flags = storesFlags;

  async run(): Promise<ShownRun> {
    const { args, flags } = await this.parse(RunsShow);
    return this.readStores(flags, async ({ database }) => {
      const account = await findRun(database, args.run);
      const resume = describeResume(account);
      this.log(renderRun(account, resume));
      return { ...account.run, progress: account.shards, calls: account.calls, resume };
    });
  }
}
