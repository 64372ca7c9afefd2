import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { MysqlConfig } from '@tracebloc/ingestor-core';
import type mysql2 from 'mysql2';
import type { Connection } from 'mysql2/promise';
import { Sequelize } from 'sequelize';
import { SEQUELIZE_OPTIONS } from '../../ledger/models.js';
import { driverOptions, waitsOf, type ServerFacts } from './connect.js';
import { dialectModule } from './driver.js';
import { stateSession } from './session.js';
import { markSession } from './sessions.js';
import { breakIfSilent, breakSocket, socketOf } from './socket.js';

/** A pool of connections with this package's session settings. */
export interface Pool {
  sequelize: Sequelize;
  /** See `LockMeans.instance`. */
  instance: string;
  /** Adds a connection that is not Sequelize's, so that `breakOff` closes it too. */
  include(connection: object): void;
  /** Returns the number that `markSession` tries first for another connection. */
  nextMark(): number;
  /** Closes all open connections and thereby ends their statements. Later statements get new connections. */
  breakOff(): void;
}

interface UntypedOptions {
  /** Without it Sequelize opens another connection to ask for it. */
  databaseVersion: string;
  /** Keeps Sequelize from setting the time zone itself. */
  keepDefaultTimezone: true;
}

export function createPool(options: MysqlConfig, facts: ServerFacts): Pool {
  const sockets = new Set<Socket>();
  const instance = randomUUID();
  const include = (connection: object) => {
    const socket = socketOf(connection);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  let opened = 0;
  const prepareSession = async (session: Connection) => {
    const socket = socketOf(session);
    breakIfSilent(socket, waitsOf(options).setUpMs);
    try {
      await stateSession(session, facts, options, options.name);
      await markSession(session, instance, opened++);
    } catch (error) {
      session.destroy();
      throw error;
    }
    socket.setTimeout(0);
  };
  const sequelize = new Sequelize({
    ...SEQUELIZE_OPTIONS,
    dialect: 'mysql',
    dialectModule,
    ...({ databaseVersion: facts.version, keepDefaultTimezone: true } satisfies UntypedOptions),
    host: options.host,
    port: options.port,
    username: options.user,
    password: options.password.reveal(),
    database: options.name,
    dialectOptions: driverOptions(options),
    pool: { max: 4 },
    hooks: {
      afterConnect: async (connection) => {
        include(connection as object);
        await prepareSession((connection as mysql2.Connection).promise());
      },
    },
  });
  return {
    sequelize,
    instance,
    include,
    nextMark: () => opened++,
    breakOff() {
      for (const socket of sockets) breakSocket(socket);
    },
  };
}
