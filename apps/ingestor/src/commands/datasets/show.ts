import { Args } from '@oclif/core';
import { storesFlags } from '../../flags.js';
import { renderDataset } from '../../output/dataset.js';
import { showDataset, type ShownDataset } from '../../services/datasets/show.js';
import { StoresCommand } from '../../stores-command.js';

export default class DatasetsShow extends StoresCommand {
  static override summary = 'Show a dataset: where it is, its columns and how often each label occurs.';
  static override description =
    'The commonest labels come first: 20 of them, and with --json 1,000, beside the number of distinct labels. They were counted when the dataset was ingested. Labels are not counted when there are more than 100,000 distinct ones.';
  static override examples = ['<%= config.bin %> <%= command.id %> churn_train'];
  static override args = { table: Args.string({ description: "The dataset's table.", required: true }) };
  static override flags = storesFlags;

  async run(): Promise<ShownDataset> {
    const { args, flags } = await this.parse(DatasetsShow);
    const shown = await this.readStores(flags, (stores) => showDataset(stores, args.table));
    this.log(renderDataset(shown));
    return shown;
  }
}
