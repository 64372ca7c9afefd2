import { Command, Errors, type Config } from '@oclif/core';
import { ExitCode, IngestorError, printable, shared, withoutSecrets } from '@tracebloc/ingestor-core';
import { errorJson, renderBug, renderError, renderUsageError } from './output/error.js';
import { drawNoMore } from './output/streams.js';
import { loadTasks, type InstalledTask } from './plugins/load-tasks.js';

/** What the host and the plugins with commands share. */
interface CommandState {
  hasActed: boolean;
  /** Installs the plugin of a task that is missing, where that is wanted, and runs `work` with the installed tasks. */
  withTasks?: <T>(
    config: Config,
    offer: InstallOffer,
    work: (tasks: readonly InstalledTask[]) => Promise<T>,
  ) => Promise<T>;
}

export interface InstallOffer {
  /** Installs without asking. Otherwise a terminal is asked, and nothing is installed without one. */
  installMissing: boolean;
  /** Tells people what happens. */
  tell: (text: string) => void;
}

const state = shared<CommandState>('command', () => ({ hasActed: false }));

/** Lets commands, those of plugins too, install the plugin of a task that is missing. The host calls it once. */
export function offerMissingPlugins(withTasks: NonNullable<CommandState['withTasks']>): void {
  state.withTasks = withTasks;
}

/** Whether the command has changed anything, so that its exit code tells of that and not of its output. */
export const hasActed = () => state.hasActed;

/** What all commands share: `--json`, errors told alike, exit codes as documented. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  override async init(): Promise<void> {
    drawNoMore();
    await super.init();
  }

  protected installedTasks(): Promise<InstalledTask[]> {
    return loadTasks(this.config);
  }

  /** Runs `work` with the installed tasks; a plugin that it finds missing is installed where that is wanted. */
  protected withTasks<T>(installMissing: boolean, work: (tasks: readonly InstalledTask[]) => Promise<T>): Promise<T> {
    const offer = { installMissing, tell: (text: string) => this.tell(text) };
    return state.withTasks ? state.withTasks(this.config, offer, work) : this.installedTasks().then(work);
  }

  /** Says that the command has changed something, in the data or elsewhere: its exit code tells of that from now on. */
  protected acted(): void {
    state.hasActed = true;
  }

  /** Text for people, on stderr, also with `--json`. What it holds of others must be `printableLine`. */
  protected tell(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** At once and without the colours that oclif would look for. */
  override logJson(json: unknown): void {
    process.stdout.write(`${printable(JSON.stringify(json, null, 2))}\n`);
  }

  protected override async catch(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error.oclif !== undefined) return this.catchUsage(error);
    process.exitCode = error instanceof IngestorError ? error.exitCode : ExitCode.failed;
    this.tell(error instanceof IngestorError ? renderError(error, withoutSecrets) : renderBug(error, withoutSecrets));
    if (this.jsonEnabled()) this.logJson(errorJson(error, withoutSecrets));
  }

  /** oclif's own errors: wrong flags and arguments, which it words well, and `this.exit()`. */
  private async catchUsage(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    process.exitCode = ExitCode.usage;
    const message = withoutSecrets(error.message);
    this.tell(renderUsageError(message));
    if (this.jsonEnabled()) {
      this.logJson({ error: { code: 'wrong-usage', message, fix: [], exitCode: ExitCode.usage } });
    }
  }
}
