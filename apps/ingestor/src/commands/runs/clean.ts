import { Args, Flags } from '@oclif/core';
import { confirm, plural, terminalWidth } from '@tracebloc/ingestor-cli';
import type { Leftovers, Stores } from '@tracebloc/ingestor-pipeline';
import { storesFlags } from '../../flags.js';
import { renderCleanable, renderCleaned } from '../../output/runs.js';
import { StoresCommand } from '../../stores-command.js';
import { cleanCommand, type CleanReport } from '../../services/runs/clean.js';

export default class RunsClean extends StoresCommand {
  static override summary = 'Remove the tables, folders and ledger rows that runs without a dataset have left.';
  static override description =
    "Asks first on a terminal; elsewhere it needs --yes. Leaves runs alone whose dataset exists, or on whose table a process is working. The runs' own rows stay in the ledger.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --unfinished --yes',
  ];
  static override args = {
    run: Args.string({ description: 'The full id of a run, to remove only what that run has left.' }),
  };
  static override flags = {
    ...storesFlags,
    unfinished: Flags.boolean({
      description: 'Remove also what interrupted runs have staged. They can then no longer be resumed.',
    }),
    foreign: Flags.boolean({
      description:
        'Remove also the files of runs that this database does not know. They may belong to a run of another database on the same volume.',
    }),
    'dry-run': Flags.boolean({ description: 'Only show what would be removed.' }),
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.' }),
  };

  async run(): Promise<CleanReport> {
    const { args, flags } = await this.parse(RunsClean);
    const { unfinished, foreign, yes } = flags;
    const ask = (found: readonly Leftovers[]) => {
      this.log(renderCleanable(found, terminalWidth(process.stdout)));
      return confirm(`Remove what ${plural(found.length, 'run')} left?`);
    };
    const dryRun = flags['dry-run'];
    const command = { unfinished, foreign, runId: args.run, dryRun, confirm: yes ? async () => true : ask };
    const clean = (stores: Stores) => cleanCommand(stores, command);
    const report = await (dryRun ? this.readStores(flags, clean) : this.withStores(flags, clean));
    this.log(renderCleaned(report, command));
    if (report.removed.length > 0) this.acted();
    return report;
  }
}
