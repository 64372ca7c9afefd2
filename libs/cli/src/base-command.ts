import { Command, Errors, type Config, type Interfaces } from '@oclif/core';
import { ExitCode, IngestorError, printable, shared, withoutSecrets } from '@tracebloc/ingestor-core';
import { errorJson, renderBug, renderError, renderUsageError } from './output/error.js';
import { describeUnknownFlags } from './output/unknown-flags.js';
import { drawNoMore } from './output/streams.js';
import { loadTasks, type InstalledTask } from './plugins/load-tasks.js';

/** What the host and the plugins with commands share. */
interface CommandState {
  hasActed: boolean;
  /** Runs `work` with the installed tasks, after it has installed the plugin of a missing task if the user wants that. */
  withTasks?: <T>(
    config: Config,
    offer: InstallOffer,
    work: (tasks: readonly InstalledTask[]) => Promise<T>,
  ) => Promise<T>;
}

export interface InstallOffer {
  /** Installs without asking. Otherwise the person at the terminal is asked; without a terminal nothing is installed. */
  installMissing: boolean;
  /** Prints what happens, for people. */
  tell: (text: string) => void;
}

const state = shared<CommandState>('command', () => ({ hasActed: false }));

/** Lets commands, also those of plugins, install the plugin of a missing task. The host calls it once. */
export function offerMissingPlugins(withTasks: NonNullable<CommandState['withTasks']>): void {
  state.withTasks = withTasks;
}

/** Returns whether the command has changed anything. Its exit code then stays, even if its output is lost. */
export const hasActed = () => state.hasActed;

/** The base of all commands: `--json`, the form of errors, and the documented exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override flags: Interfaces.FlagInput = {};

  override async init(): Promise<void> {
    drawNoMore();
    // oclif would take what is piped in, such as the data, for an argument that is not given.
    for (const arg of Object.values(this.ctor.args)) arg.ignoreStdin = true;
    await super.init();
  }

  protected installedTasks(): Promise<InstalledTask[]> {
    return loadTasks(this.config);
  }

  /** Runs `work` with the installed tasks. If a plugin is missing, it is installed first if the user wants that. */
  protected withTasks<T>(installMissing: boolean, work: (tasks: readonly InstalledTask[]) => Promise<T>): Promise<T> {
    const offer = { installMissing, tell: (text: string) => this.tell(text) };
    return state.withTasks ? state.withTasks(this.config, offer, work) : this.installedTasks().then(work);
  }

  /** Records that the command has changed something, in the data or elsewhere. Its exit code stays from now on. */
  protected acted(): void {
    state.hasActed = true;
  }

  /** Prints text for people on stderr, also with `--json`. Text from elsewhere must have passed `printableLine`. */
  protected tell(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Writes immediately, and without the colours of oclif. */
  override logJson(json: unknown): void {
    process.stdout.write(`${printable(JSON.stringify(json, null, 2))}\n`);
  }

  protected override async catch(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error.oclif !== undefined) return this.catchUsage(error);
    process.exitCode = error instanceof IngestorError ? error.exitCode : ExitCode.failed;
    const clean = (text: string) => this.clean(text);
    this.tell(error instanceof IngestorError ? renderError(error, clean) : renderBug(error, clean));
    if (this.jsonEnabled()) this.logJson(errorJson(error, clean));
  }

  /** Returns the text of an error, or of its advice, as it may be shown. */
  protected clean(text: string): string {
    return withoutSecrets(text);
  }

  /** Handles errors of oclif: wrong flags and arguments, and `this.exit()`. */
  private async catchUsage(error: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    process.exitCode = ExitCode.usage;
    const { flags: unknown } = error as { flags?: unknown };
    const known = Object.keys(this.ctor.flags).concat('help', 'json');
    const text = Array.isArray(unknown)
      ? describeUnknownFlags(error.message, unknown as string[], known)
      : error.message;
    const message = withoutSecrets(text);
    this.tell(renderUsageError(message));
    if (this.jsonEnabled()) {
      this.logJson({ error: { code: 'wrong-usage', message, fix: [], exitCode: ExitCode.usage } });
    }
  }
}
